using System.Diagnostics;
using NotificationServer.Benchmarks.Parts;
using Npgsql;

namespace NotificationServer.Benchmarks.Measures;

/// What this PostgreSQL does with the very rows that a message costs, and no logic at all: the yardstick of every other rate.
/// Two connections; 1,000 messages a transaction in, 500 a transaction out; prepared statements.
internal sealed class RawLimit : IMeasure
{
    private const int Connections = 2;
    private const int InsertBatch = 1000;
    private const int DrainBatch = 500;

    public string Name => "raw";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync("raw", ct);
        var batches = rig.Size(200_000) / InsertBatch;
        await InsertAsync(arena, 4, ct);
        report.AddRate(Metrics.RawInsert, batches * InsertBatch, await InsertAsync(arena, batches, ct));
        await arena.ExecuteAsync("analyze", null, ct);
        var (took, drained) = await DrainAsync(arena, ct);
        report.AddRate(Metrics.RawDrain, drained, took);
    }

    private static async Task<TimeSpan> InsertAsync(Arena arena, int batches, CancellationToken ct)
    {
        var left = batches;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async number =>
        {
            await using var connection = await arena.Db.OpenConnectionAsync(ct);
            var rows = new Rows(InsertBatch);
            await using var batch = rows.Command(connection);
            await batch.PrepareAsync(ct);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                rows.Renew();
                await batch.ExecuteNonQueryAsync(ct);
            }
        }));
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task<(TimeSpan Took, int Drained)> DrainAsync(Arena arena, CancellationToken ct)
    {
        var drained = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async number =>
        {
            await using var connection = await arena.Db.OpenConnectionAsync(ct);
            await using var plan = new NpgsqlCommand("set plan_cache_mode = force_custom_plan", connection);
            await plan.ExecuteNonQueryAsync(ct);
            foreach (var channel in Rows.Channels) Interlocked.Add(ref drained, await DrainAsync(connection, channel, ct));
        }));
        return (Stopwatch.GetElapsedTime(started), drained);
    }

    private static async Task<int> DrainAsync(NpgsqlConnection connection, string channel, CancellationToken ct)
    {
        await using var claim = new NpgsqlCommand(Sql.Claim, connection) { Parameters = { new("channel", channel), new("size", DrainBatch) } };
        var ids = new NpgsqlParameter<Guid[]>("ids", []);
        await using var finish = new NpgsqlCommand(Sql.Finish, connection) { Parameters = { new("channel", channel), ids } };
        await claim.PrepareAsync(ct);
        await finish.PrepareAsync(ct);
        for (var drained = 0; ; drained += ids.TypedValue!.Length)
        {
            ids.TypedValue = await ClaimAsync(claim, ct);
            if (ids.TypedValue.Length == 0) return drained;
            await finish.ExecuteNonQueryAsync(ct);
        }
    }

    private static async Task<Guid[]> ClaimAsync(NpgsqlCommand claim, CancellationToken ct)
    {
        var claimed = new List<Guid>(DrainBatch);
        await using var reader = await claim.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) claimed.Add(reader.GetGuid(0));
        return [.. claimed];
    }

    internal static class Sql
    {
        public const string Claim = """
            update jobs j
            set state = 1, attempt = attempt + 1, leased_by = 'raw', leased_at = now(), lease_until = now() + interval '1 minute'
            from (
                select id from jobs
                where channel = @channel and state = 0 and lane = 1 and run_at <= now()
                order by run_at, id limit @size for update skip locked
            ) due
            where j.channel = @channel and j.id = due.id
            returning j.id
            """;

        public const string Finish = """
            with done as (
                select unnest(@ids) as id
            ), tried as (
                insert into attempts (message_id, attempt, channel, provider, outcome, provider_message_id, started_at, finished_at, node)
                select id, 1, @channel, 'raw', 'accepted', 'raw-0001', now(), now(), 'raw' from done
            ), ended as (
                delete from jobs j using done where j.channel = @channel and j.id = done.id
            )
            update messages m
            set status = 'sent', attempts = 1, provider = 'raw', provider_message_id = 'raw-0001', sent_at = now(), updated_at = now()
            from done
            where m.id = done.id
            """;
    }
}
