using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform.Clocks;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Writes down who is meant, a slice of all users at a time, before anything is sent: what was meant can then be compared with what was
/// done. In the transaction of whoever holds the run.
internal sealed class Gatherer(Audiences audiences, IOptions<RunOptions> options)
{
    private const string BeforeSlice = "slice";
    private const int LeastSlice = 100;
    private const int Quickly = 4; // times within the limit

    // Of runs whose rules take long. Another node finds out for itself.
    private readonly ConcurrentDictionary<Guid, int> narrowed = new();

    /// Null: go on. Else: it cannot be said whom it means.
    public async Task<string?> StepAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Run run, CancellationToken ct)
    {
        var (audience, errors) = await audiences.OfAsync(run.Plan.Audience, ct);
        if (audience is null) return errors.Count > 0 ? errors[0].Message : "It cannot be said whom it means.";

        if (run.GatheredTo.Length == 0 && !run.IsLocal) await PlanWavesAsync(connection, run, ct);
        var size = narrowed.GetValueOrDefault(run.Id, options.Value.SliceSize);
        if (await TakeSliceAsync(connection, transaction, run, audience, size, ct) is not { } slice) return null;
        var ended = slice.Looked < size;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Progress, new { run.Id, slice.Upto, slice.Found, ended }, cancellationToken: ct));
        if (!ended) return null;
        narrowed.TryRemove(run.Id, out _);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Learn, cancellationToken: ct));
        return null;
    }

    /// Null: it took too long, and the next step takes half as many. A rule that looks into each person's messages can be a hundred times as
    /// slow as one that looks at the person.
    private async Task<Slice?> TakeSliceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Run run, AudienceSql audience, int size, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        await transaction.SaveAsync(BeforeSlice, ct);
        await LimitAsync(connection, options.Value.SliceTimeout, ct);
        try
        {
            var parameters = ParametersOf(run, audience, size);
            if (run.IsLocal) await AddZonesAsync(connection, run, audience, parameters, ct);
            var slice = await connection.QuerySingleAsync<Slice>(new CommandDefinition(On(audience, run.IsLocal ? Sql.LocalSlice : Sql.Slice), parameters, cancellationToken: ct));
            await LimitAsync(connection, null, ct);
            // What made it slow may be over.
            if (size < options.Value.SliceSize && Stopwatch.GetElapsedTime(began) < options.Value.SliceTimeout / Quickly)
                narrowed[run.Id] = Math.Min(size * 2, options.Value.SliceSize);
            return slice;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && size > LeastOf(options.Value) && !ct.IsCancellationRequested)
        {
            await transaction.RollbackAsync(BeforeSlice, ct);
            narrowed[run.Id] = Math.Max(size / 2, LeastOf(options.Value));
            return null;
        }
    }

    private static int LeastOf(RunOptions options) => Math.Min(LeastSlice, Math.Max(1, options.SliceSize / 8));

    /// Of each statement from here to the end of the transaction; null: what holds for the whole session.
    private static Task<int> LimitAsync(NpgsqlConnection connection, TimeSpan? limit, CancellationToken ct) => connection.ExecuteAsync(new CommandDefinition(
        limit is not null ? Sql.Limit : Sql.NoLimit, new { limit = ((long)(limit ?? default).TotalMilliseconds).ToString(CultureInfo.InvariantCulture) }, cancellationToken: ct));

    /// Of a test: a wave a variant, and one for the rest, who are shown what won. Else everybody is in one.
    private static async Task PlanWavesAsync(NpgsqlConnection connection, Run run, CancellationToken ct)
    {
        var variants = run.Plan.AbTest?.Variants.Count ?? 0;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Waves, new
        {
            run.Id,
            waves = Enumerable.Range(0, variants + 1).Select(wave => (short)wave).ToArray(),
            due = Enumerable.Range(0, variants + 1).Select(wave => wave < variants || variants == 0 ? run.Now : run.Now + run.Plan.AbTest!.DecideAfter).ToArray(), // it has variants
            zones = new string?[variants + 1],
            variants = Enumerable.Range(0, variants + 1).Select(wave => wave < variants ? (short?)wave : null).ToArray(),
        }, cancellationToken: ct));
    }

    /// A wave for each time zone that was not met before. A name that no zone has goes by the zone of whom none is known.
    private static async Task AddZonesAsync(NpgsqlConnection connection, Run run, AudienceSql audience, DynamicParameters parameters, CancellationToken ct)
    {
        var met = (await connection.QueryAsync<string>(new CommandDefinition(On(audience, Sql.NewZones), parameters, cancellationToken: ct))).AsList();
        if (met.Count == 0) return;
        var first = await connection.ExecuteScalarAsync<short>(new CommandDefinition(Sql.WavesSoFar, new { run.Id }, cancellationToken: ct));
        var local = run.Plan.Schedule.LocalTime ?? run.Now.UtcDateTime;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Waves, new
        {
            run.Id,
            waves = Enumerable.Range(first, met.Count).Select(wave => (short)wave).ToArray(),
            due = met.Select(zone => LocalTimes.InstantOf(local, LocalTimes.IsZone(zone) ? zone : run.Plan.Schedule.TimeZone)).ToArray(),
            zones = met.ToArray<string?>(),
            variants = new short?[met.Count],
        }, cancellationToken: ct));
    }

    private static DynamicParameters ParametersOf(Run run, AudienceSql audience, int size)
    {
        var variants = run.Plan.AbTest?.Variants.Count ?? 0;
        var all = new DynamicParameters(new
        {
            run = run.Id,
            reached = run.GatheredTo,
            size,
            variants,
            sample = (run.Plan.AbTest?.SamplePercent ?? 0) * 100,
            seed = BitConverter.ToInt64(run.Id.ToByteArray(bigEndian: true), 8),
            zone = run.Plan.Schedule.TimeZone ?? "UTC",
        });
        foreach (var (name, value) in audience.Parameters) all.Add(name, value);
        return all;
    }

    /// Only here does a rule become part of a statement, and rules have no values in their words.
    private static string On(AudienceSql audience, string sql) => sql.Replace(Sql.Everybody, $"({audience.Condition})", StringComparison.Ordinal);

    private sealed record Slice(string Upto, int Looked, int Found);

    internal static class Sql
    {
        /// Stands for whoever is meant.
        public const string Everybody = "/* meant */ true";

        public const string Limit = "select set_config('statement_timeout', @limit, true)";

        public const string NoLimit = "select set_config('statement_timeout', (select reset_val from pg_settings where name = 'statement_timeout'), true)";

        // The zone of somebody's profile; else of the device that was heard of last.
        private const string Zone = """
            coalesce(u.time_zone, (
                select d.time_zone from devices d
                where d.user_id = u.id and d.time_zone is not null and d.retired_at is null order by d.updated_at desc limit 1), @zone)
            """;

        private const string Looked = """
            slice as materialized (
                select id from users where id > @reached order by id limit @size
            ), looked as materialized (
                select coalesce(max(id), @reached) as upto, count(*)::integer as people from slice
            )
            """;

        // Each wave's people of this slice are a part of the work.
        private const string Cut = """
            ), found as materialized (
                select wave, count(*)::integer as people from meant group by wave
            ), counted as (
                update campaign_waves w set people = w.people + f.people from found f where w.run_id = @run and w.wave = f.wave
            ), cut as (
                insert into campaign_parts (run_id, part, wave, reached, upto)
                select @run, (select coalesce(max(part), 0) from campaign_parts where run_id = @run) + row_number() over (order by wave), wave, @reached, looked.upto
                from found cross join looked
            )
            select looked.upto, looked.people as looked, coalesce((select sum(people) from found), 0)::integer as found from looked
            """;

        // Who is in the test, and with which variant, is as random as their id's hash, and the same however often it is asked.
        public const string Slice = "with " + Looked + """
            , meant as (
                insert into campaign_recipients (run_id, user_id, wave)
                select @run, u.id, (case when @variants::integer = 0 then 0 when b.bucket < @sample::integer then b.bucket % @variants::integer else @variants::integer end)::smallint
                from users u
                cross join lateral (select abs(hashtextextended(u.id, @seed::bigint) % 10000)::integer as bucket) b
                where u.id > @reached and u.id <= (select upto from looked) and /* meant */ true
                returning wave
            """ + Cut;

        public const string LocalSlice = "with " + Looked + $"""
            , meant as (
                insert into campaign_recipients (run_id, user_id, wave)
                select @run, u.id, w.wave
                from users u
                join campaign_waves w on w.run_id = @run and w.time_zone = {Zone}
                where u.id > @reached and u.id <= (select upto from looked) and /* meant */ true
                returning wave
            """ + Cut;

        public const string NewZones = "with " + Looked + $"""
            select distinct {Zone} as zone
            from users u
            where u.id > @reached and u.id <= (select upto from looked) and /* meant */ true
            except
            select time_zone from campaign_waves where run_id = @run
            """;

        public const string WavesSoFar = "select count(*)::smallint from campaign_waves where run_id = @Id";

        public const string Waves = """
            insert into campaign_waves (run_id, wave, due_at, time_zone, variant)
            select @Id, wave, due_at, time_zone, variant
            from unnest(@waves::smallint[], @due::timestamptz[], @zones::text[], @variants::smallint[]) as w(wave, due_at, time_zone, variant)
            on conflict (run_id, wave) do nothing
            """;

        // All of it came just now: a planner that knows nothing of it sorts a million rows to find the next thousand.
        public const string Learn = "analyze campaign_recipients";

        public const string Progress = """
            update campaign_runs
            set gathered_to = @Upto, audience = audience + @Found, updated_at = now(),
                phase = case when @ended then 'sending' else phase end, next_at = now()
            where id = @Id
            """;
    }
}
