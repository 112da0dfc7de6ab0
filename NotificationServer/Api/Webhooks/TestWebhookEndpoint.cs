using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

internal static class TestWebhookEndpoint
{
    public sealed record Response(
        [property: Description("Whether it answered 2xx")] bool Delivered,
        string WebhookId, int? HttpStatus,
        [property: Description("Why not: refused, redirect_not_followed, address_not_allowed, name_not_resolved, not_connected, tls_failed, timed_out, broken_off, secret_unreadable")] string? Error,
        [property: Description("The first kilobyte of its answer")] string? Answer,
        double LatencyMs);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost($"{WebhookRoutes.Endpoints}/{{id}}:test", HandleAsync)
        .RequireScope(Scopes.WebhooksManage)
        .WithName(nameof(TestWebhookEndpoint))
        .WithSummary("Send an event that says nothing, and see what is answered")
        .WithDescription("A signed webhook.test, now, once, from the node that answers; also to an endpoint that is disabled. It is in no log of deliveries and changes nothing.");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string id, EndpointStore endpoints, WebhookCaller webhooks, Caller caller, CancellationToken ct)
    {
        if (await endpoints.OfAsync(caller, id, ct) is not { } found) return Problems.NotFound();
        var (webhook, answer, took) = await webhooks.TestAsync(found);
        return TypedResults.Ok(new Response(
            answer.IsDelivered, webhook, answer.HttpStatus, answer.Error, answer.Answer, Math.Round(took.TotalMilliseconds, 1)));
    }
}
