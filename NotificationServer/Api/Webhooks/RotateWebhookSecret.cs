using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

internal static class RotateWebhookSecret
{
    public static void Map(RouteGroupBuilder v1) => v1.MapPost($"{WebhookRoutes.Endpoints}/{{id}}:rotate-secret", HandleAsync)
        .RequireScope(Scopes.WebhooksManage)
        .WithName(nameof(RotateWebhookSecret))
        .WithSummary("Give an endpoint a new secret")
        .WithDescription("Shown this once. For 24 hours the former secret signs too: two signatures, separated by a space. Rotated again within that time, the oldest stops at once.");

    private static async Task<Results<Ok<WebhookEndpointWithSecret>, Problem>> HandleAsync(
        string id, EndpointStore endpoints, WebhookSecrets secrets, Caller caller, CancellationToken ct)
    {
        if (!PrefixedId.TryParse(WebhookEndpoint.IdPrefix, id, out var endpoint)) return Problems.NotFound();
        if (secrets.Problem is not null) return EndpointRules.NoKey();
        return await endpoints.RotateAsync(caller.Owner(), endpoint, ct) is { } rotated
            ? TypedResults.Ok(new WebhookEndpointWithSecret(WebhookEndpointView.Of(rotated.Endpoint), WebhookSecrets.Reveal(rotated.Secret)))
            : Problems.NotFound();
    }
}
