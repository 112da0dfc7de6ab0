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

/// Open alerts of a kind, however many. Difference: accepted less accounted for, where they are of that.
internal sealed record OpenKind(string Kind, long Count, double Difference);

internal sealed class AlertList(NpgsqlDataSource db)
{
    private const int MostOpen = 200;

    /// The oldest first: it waits longest. Before all of them the one that says that a promise is broken, which must not be the 201st.
    public async Task<IReadOnlyList<AlertInfo>> OpenAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<AlertInfo>(new CommandDefinition(Sql.Open, new { most = MostOpen }, cancellationToken: ct))).AsList();
    }

    public async Task<IReadOnlyList<OpenKind>> KindsAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<OpenKind>(new CommandDefinition(Sql.Kinds, cancellationToken: ct))).AsList();
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
            order by kind <> 'accepted_not_accounted_for', first_seen
            limit @most
            """;

        public const string Kinds = """
            select kind, count(*) as count,
                coalesce(sum((detail ->> 'expected')::double precision - (detail ->> 'found')::double precision) filter (where kind = 'accepted_not_accounted_for'), 0) as difference
            from alerts
            where cleared_at is null
            group by kind
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
