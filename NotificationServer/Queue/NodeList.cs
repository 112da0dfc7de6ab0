using System.Text.Json;
using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// A node as it last said it is. One that stops says good-bye and is not listed any more; one that died is, for an hour.
internal sealed class NodeInfo
{
    public required string Name { get; init; }
    public required string Roles { get; init; }
    public required string Version { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset SeenAt { get; init; }
    /// Seconds since it said that it is alive.
    public required double Age { get; init; }
    public required bool Alive { get; init; }
    /// {"sms":{"in_flight":3,"slots":200}}
    public required string Load { get; init; }
    /// {"twilio":{"calls":20,"failed":3,"seconds":30}}
    public required string Calls { get; init; }
    /// Messages that it is sending, as the queue knows it, and how many of them it has lost for all we know.
    public required long Leases { get; init; }
    public required long Stuck { get; init; }

    public IReadOnlyList<string> RoleNames => Roles.Split(',', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyDictionary<string, NodeLoad.Channel> Loads => JsonSerializer.Deserialize<Dictionary<string, NodeLoad.Channel>>(Load, Json) ?? [];

    public IReadOnlyDictionary<string, NodeLoad.Calls> CallsBy => JsonSerializer.Deserialize<Dictionary<string, NodeLoad.Calls>>(Calls, Json) ?? [];

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}

internal sealed class NodeList(NpgsqlDataSource db)
{
    private const int Most = 1000;

    public async Task<IReadOnlyList<NodeInfo>> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<NodeInfo>(new CommandDefinition(Sql.Nodes, new { most = Most }, cancellationToken: ct))).AsList();
    }

    internal static class Sql
    {
        // What is leased is what is under way: as many as all nodes have slots, however much waits.
        public const string Nodes = """
            select n.name, array_to_string(n.roles, ',') as roles, n.version, n.started_at, n.seen_at,
                extract(epoch from now() - n.seen_at)::double precision as age, n.seen_at > now() - interval '15 seconds' as alive,
                n.load::text as load, n.calls::text as calls, coalesce(l.leases, 0) as leases, coalesce(l.stuck, 0) as stuck
            from nodes n
            left join (
                select leased_by, count(*) as leases, count(*) filter (where lease_until < now()) as stuck from jobs where state = 1 group by leased_by
            ) as l on l.leased_by = n.name
            order by n.name
            limit @most
            """;
    }
}
