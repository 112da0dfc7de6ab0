using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Campaigns.Segments;

/// Looks at an audience: how many they are, and some of them. Bounded in time: what cannot be counted is estimated.
internal sealed class AudienceReader(NpgsqlDataSource db, IOptions<SegmentOptions> options)
{
    /// People who are looked at for an estimate: in blocks of the table, so that it does not have to be read for it.
    private const int SampleSize = 20_000;
    private const int SmallSample = 1_000;

    /// Null: not even a small sample could be judged in time.
    public async Task<AudienceSize?> CountAsync(AudienceSql audience, CancellationToken ct)
    {
        if (await TryAsync(connection => connection.QuerySingleAsync<Counted>(Command(Sql.Count, audience, [], ct)), ct) is { } exact)
            return new AudienceSize(exact.People, Math.Max(exact.People, await KnownAsync(ct)), IsExact: true);
        return await EstimateAsync(audience, SampleSize, ct) ?? await EstimateAsync(audience, SmallSample, ct);
    }

    /// At random while there are many; fewer than asked for where the time was over.
    public async Task<IReadOnlyList<SampledPerson>> SampleAsync(AudienceSql audience, int count, CancellationToken ct)
    {
        var known = await KnownAsync(ct);
        var sampled = known <= SampleSize ? null
            : await TryAsync(async connection => (await connection.QueryAsync<SampledPerson>(Command(Sql.SampleOfSome, audience, Percent(SampleSize, known, count), ct))).AsList(), ct);
        if (sampled is { } enough && enough.Count >= count) return enough;
        return await TryAsync(async connection => (await connection.QueryAsync<SampledPerson>(Command(Sql.SampleOfAll, audience, [("count", count)], ct))).AsList(), ct) ?? sampled ?? [];
    }

    private async Task<AudienceSize?> EstimateAsync(AudienceSql audience, int size, CancellationToken ct)
    {
        var known = await KnownAsync(ct);
        if (await TryAsync(connection => connection.QuerySingleAsync<Counted>(Command(Sql.CountOfSome, audience, Percent(size, known), ct)), ct) is not { } some) return null;
        return some.OfAll == 0 ? new AudienceSize(0, known, IsExact: false)
            : new AudienceSize((long)Math.Round((double)some.People / some.OfAll * known), known, IsExact: false);
    }

    private static (string, object)[] Percent(int size, long known, int? count = null) =>
        [("percent", Math.Clamp(100.0 * size / Math.Max(1, known), 0.001, 100)), .. count is { } most ? [("count", (object)most)] : Array.Empty<(string, object)>()];

    private async Task<long> KnownAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql.Known, cancellationToken: ct));
    }

    /// Null: it took too long, and nothing goes on in the database.
    private async Task<T?> TryAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken ct) where T : class
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var limit = options.Value.CountTimeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Limit, new { limit }, cancellationToken: ct));
        try
        {
            return await read(connection);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return null;
        }
    }

    private CommandDefinition Command(string statement, AudienceSql audience, (string Name, object Value)[] more, CancellationToken ct)
    {
        var parameters = new DynamicParameters(audience.Parameters);
        foreach (var (name, value) in more) parameters.Add(name, value);
        var patience = (int)Math.Ceiling(options.Value.CountTimeout.TotalSeconds) + 5;
        return new CommandDefinition(audience.In(statement), parameters, commandTimeout: patience, cancellationToken: ct);
    }

    private sealed record Counted(long People, long OfAll);

    internal static class Sql
    {
        public const string Limit = "select set_config('statement_timeout', @limit, true), set_config('max_parallel_workers_per_gather', '0', true)";

        public const string Count = $"""
            select count(*) as people, 0::bigint as of_all
            from users u
            where {AudienceSql.Whom}
            """;

        public const string CountOfSome = $"""
            select count(*) filter (where {AudienceSql.Whom}) as people, count(*) as of_all
            from users u tablesample system (@percent::double precision)
            """;

        // As the planner knows it; a table that nothing analysed yet is small.
        public const string Known = """
            select case when c.reltuples > 1000 then c.reltuples::bigint else (select count(*) from (select from users limit 100000) counted) end
            from pg_class c
            where c.oid = 'users'::regclass
            """;

        public const string SampleOfSome = $"""
            select id, email, phone, locale, country, time_zone, tags
            from (
                select u.id, u.email, u.phone, u.locale, u.country, u.time_zone, u.tags
                from users u tablesample system (@percent::double precision)
                where {AudienceSql.Whom}
                order by random()
                limit @count
            ) found
            order by id
            """;

        public const string SampleOfAll = $"""
            select id, email, phone, locale, country, time_zone, tags
            from (
                select u.id, u.email, u.phone, u.locale, u.country, u.time_zone, u.tags
                from users u
                where {AudienceSql.Whom}
                limit @count
            ) found
            order by id
            """;
    }
}
