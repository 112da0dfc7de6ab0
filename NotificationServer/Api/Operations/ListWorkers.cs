using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class ListWorkers
{
    public sealed record Response(NodeAnswer[] Data);

    /// `heartbeat_age_seconds`: it says that it is alive every 5 seconds; after an hour of silence it is forgotten. `load`: sends in
    /// flight and the most there may be, by channel, where it works any.
    public sealed record NodeAnswer(
        string Name, string[] Roles, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, double HeartbeatAgeSeconds, bool Alive, JsonElement Load);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/ops/workers", HandleAsync)
        .RequireScope(Scopes.OpsRead)
        .WithName(nameof(ListWorkers))
        .WithSummary("The nodes: when each last said that it is alive, what it does, and how busy it is");

    private static async Task<Ok<Response>> HandleAsync(NodeList nodes, CancellationToken ct) =>
        TypedResults.Ok(new Response([.. (await nodes.ReadAsync(ct)).Select(Answer)]));

    private static NodeAnswer Answer(NodeInfo node)
    {
        using var load = JsonDocument.Parse(node.Load);
        return new NodeAnswer(node.Name, [.. node.RoleNames], node.Version, node.StartedAt, node.SeenAt, Math.Round(node.Age, 1), node.Alive, load.RootElement.Clone());
    }
}
