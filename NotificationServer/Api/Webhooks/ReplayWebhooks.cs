using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

internal static class ReplayWebhooks
{
    public sealed record Request([property: Description("Events that happened at or after this instant")] DateTimeOffset Since);

    /// `recovered`: how many are being sent again.
    public sealed record Response(int Recovered);

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost($"{WebhookRoutes.Endpoints}/{{id}}/deliveries/{{event}}:replay", ReplayAsync)
            .RequireScope(Scopes.WebhooksManage)
            .WithName("ReplayWebhookDelivery")
            .WithSummary("Send one event again, whatever became of it")
            .WithDescription("Under the same webhook-id, with the same body, from the beginning of the retry schedule. 409 while it is being sent.");
        v1.MapPost($"{WebhookRoutes.Endpoints}/{{id}}:recover", RecoverAsync)
            .RequireScope(Scopes.WebhooksManage)
            .WithName("RecoverWebhookEndpoint")
            .WithSummary("Send everything again that has failed since")
            .WithDescription("What was given up and what waits for its next try alike; what was delivered is not sent again. Of an endpoint that is disabled: as soon as it is enabled.")
            .WithRequestExample("""{"since":"2026-11-01T09:00:00Z"}""");
    }

    private static async Task<Results<Accepted, Problem>> ReplayAsync(
        string id, string @event, EndpointStore endpoints, DeliveryLog deliveries, Caller caller, CancellationToken ct)
    {
        if (!PrefixedId.TryParse(WebhookEvent.IdPrefix, @event, out var told) || await endpoints.OfAsync(caller, id, ct) is not { } endpoint
            || await deliveries.FindAsync(endpoint.Id, told, ct) is null) return Problems.NotFound();
        return await deliveries.ReplayAsync(endpoint.Id, told, caller.Actor, ct)
            ? TypedResults.Accepted($"/v1{WebhookRoutes.Endpoints}/{id}/deliveries/{@event}")
            : Problems.Conflict("wrong_state", "It is being sent right now");
    }

    private static async Task<Results<Ok<Response>, Problem>> RecoverAsync(
        string id, Body<Request> body, EndpointStore endpoints, DeliveryLog deliveries, Caller caller, CancellationToken ct)
    {
        if (body.Value.Since.Year is <= 2000 or >= 2200)
            return Problems.Validation(new FieldError("/since", "time_out_of_range", "Use a time of this century"));
        if (await endpoints.OfAsync(caller, id, ct) is not { } endpoint) return Problems.NotFound();
        return TypedResults.Ok(new Response(await deliveries.RecoverAsync(endpoint.Id, PrefixedId.SmallestAt(body.Value.Since), caller.Actor, ct)));
    }
}
