using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// Something that a person should look at, or should have.
internal sealed class AlertInfo
{
    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required string Key { get; init; }
    public required DateTimeOffset FirstSeen { get; init; }
    public required DateTimeOffset LastSeen { get; init; }
    public DateTimeOffset? ClearedAt { get; init; }
    public required string Detail { get; init; }
    /// ClearedAt in microseconds: the place in the list, without a loss.
    public long? Position { get; init; }
}

internal sealed class AlertList(NpgsqlDataSource db)
{
    private const int MostOpen = 200;

    /// The oldest first: it waits longest.
    public async Task<IReadOnlyList<AlertInfo>> OpenAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<AlertInfo>(new CommandDefinition(Sql.Open, new { most = MostOpen }, cancellationToken: ct))).AsList();
    }

    /// Those that are over, the latest first, from after (<c>cleared</c>, <c>id</c>).
    public async Task<IReadOnlyList<AlertInfo>> ClearedAsync(long? cleared, Guid? id, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<AlertInfo>(new CommandDefinition(Sql.Cleared, new { cleared, id, limit }, cancellationToken: ct))).AsList();
    }

    internal static class Sql
    {
        public const string Open = """
            select id, kind, key, first_seen, last_seen, detail::text as detail
            from alerts
            where cleared_at is null
            order by first_seen
            limit @most
            """;

        // Two orders of ids within one moment would lose a row between two pages: both of the index, one after the other.
        public const string Cleared = """
            select id, kind, key, first_seen, last_seen, cleared_at, detail::text as detail, (extract(epoch from cleared_at) * 1000000)::bigint as position
            from alerts
            where cleared_at is not null
                and (@cleared::bigint is null
                    or cleared_at < timestamptz 'epoch' + @cleared::bigint * interval '1 microsecond'
                    or (cleared_at = timestamptz 'epoch' + @cleared::bigint * interval '1 microsecond' and id > @id::uuid))
            order by cleared_at desc, id
            limit @limit
            """;
    }
}
