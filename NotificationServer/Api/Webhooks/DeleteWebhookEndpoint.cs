using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

internal static class DeleteWebhookEndpoint
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete($"{WebhookRoutes.Endpoints}/{{id}}", HandleAsync)
        .RequireScope(Scopes.WebhooksManage)
        .WithName(nameof(DeleteWebhookEndpoint))
        .WithSummary("Remove a webhook endpoint")
        .WithDescription("With what waits for it and what was delivered.");

    private static async Task<Results<NoContent, Problem>> HandleAsync(string id, EndpointStore endpoints, Caller caller, CancellationToken ct) =>
        PrefixedId.TryParse(WebhookEndpoint.IdPrefix, id, out var endpoint) && await endpoints.DeleteAsync(caller.Owner(), endpoint, ct)
            ? TypedResults.NoContent() : Problems.NotFound();
}
