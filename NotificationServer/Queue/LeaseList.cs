using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// A message that a node is sending. Stuck: its lease ran out and nobody has taken it up yet.
internal sealed class LeaseInfo
{
    public required Guid Id { get; init; }
    public required string Channel { get; init; }
    public required Lane Lane { get; init; }
    public required int Attempt { get; init; }
    public required int Crashes { get; init; }
    public required string LeasedBy { get; init; }
    public required DateTimeOffset LeasedAt { get; init; }
    public required DateTimeOffset LeaseUntil { get; init; }
    public required bool Stuck { get; init; }
    /// LeaseUntil in microseconds: the place in the list, without a loss.
    public required long Position { get; init; }
}

internal sealed class LeaseList(NpgsqlDataSource db)
{
    /// The lease that ends first first, from after (<c>until</c>, <c>id</c>).
    public async Task<IReadOnlyList<LeaseInfo>> ReadAsync(bool stuck, long? until, Guid? id, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<LeaseInfo>(
            new CommandDefinition(Sql.Leases, new { stuck, until, id, limit }, cancellationToken: ct))).AsList();
    }

    internal static class Sql
    {
        public const string Leases = """
            select id, channel, lane, attempt, crashes::integer as crashes, leased_by, leased_at, lease_until, lease_until < now() as stuck,
                (extract(epoch from lease_until) * 1000000)::bigint as position
            from jobs
            where state = 1 and (not @stuck::boolean or lease_until < now())
                and (@until::bigint is null or ((extract(epoch from lease_until) * 1000000)::bigint, id) > (@until::bigint, @id::uuid))
            order by lease_until, id
            limit @limit
            """;
    }
}
