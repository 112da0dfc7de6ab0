using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class GetBalance
{
    /// `accepted` is counted when messages come into being, `states` when they change; `difference` is what one says more than the
    /// other, and is 0. `checked_at`: when the rows were last counted again; `unchecked`: ten-minute parts of the log that changed since
    /// they were. `balanced`: no difference, and nothing open that the check found.
    public sealed record Response(
        bool Balanced, long Accepted, IReadOnlyDictionary<string, long> States, long Difference, DateTimeOffset? CheckedAt, int Unchecked,
        IReadOnlyList<Alert> Alerts);

    /// `detail`: expected, found, and the first ids.
    public sealed record Alert(string Kind, string Key, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, JsonElement Detail);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/ops/balance", HandleAsync)
        .RequireScope(Scopes.OpsRead)
        .WithName(nameof(GetBalance))
        .WithSummary("Whether every accepted message is accounted for");

    private static async Task<Ok<Response>> HandleAsync(Balance balance, CancellationToken ct)
    {
        var sheet = await balance.ReadAsync(ct);
        return TypedResults.Ok(new Response(
            sheet.Difference == 0 && sheet.Alerts.Count == 0, sheet.Accepted, sheet.States, sheet.Difference, sheet.CheckedAt, sheet.Unchecked,
            [.. sheet.Alerts.Select(one => new Alert(one.Kind, one.Key, one.FirstSeen, one.LastSeen, JsonElement.Parse(one.Detail)))]));
    }
}
