using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using Npgsql;

namespace NotificationServer.Api.Operations;

internal static class ListWorkers
{
    private const int Most = 1000;

    public sealed record Response(NodeAnswer[] Data);

    /// `heartbeat_age_seconds`: it says that it is alive every 5 seconds; after an hour of silence it is forgotten. `load`: sends in
    /// flight and the most there may be, by channel, where it works any.
    public sealed record NodeAnswer(
        string Name, string[] Roles, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, double HeartbeatAgeSeconds, bool Alive, JsonElement Load);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/ops/workers", HandleAsync)
        .RequireScope(Scopes.OpsRead)
        .WithName(nameof(ListWorkers))
        .WithSummary("The nodes: when each last said that it is alive, what it does, and how busy it is");

    private static async Task<Ok<Response>> HandleAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.Nodes, new { most = Most }, cancellationToken: ct));
        return TypedResults.Ok(new Response([.. rows.Select(row => row.ToAnswer())]));
    }

    private sealed class Row
    {
        public required string Name { get; init; }
        public required string Roles { get; init; }
        public required string Version { get; init; }
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset SeenAt { get; init; }
        public required double Age { get; init; }
        public required bool Alive { get; init; }
        public required string Load { get; init; }

        public NodeAnswer ToAnswer()
        {
            using var load = JsonDocument.Parse(Load);
            return new NodeAnswer(Name, Roles.Split(','), Version, StartedAt, SeenAt, Math.Round(Age, 1), Alive, load.RootElement.Clone());
        }
    }

    internal static class Sql
    {
        public const string Nodes = """
            select name, array_to_string(roles, ',') as roles, version, started_at, seen_at,
                extract(epoch from now() - seen_at)::double precision as age, seen_at > now() - interval '15 seconds' as alive, load::text as load
            from nodes
            order by name
            limit @most
            """;
    }
}
