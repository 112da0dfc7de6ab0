using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

internal static class CreateWebhookEndpoint
{
    public sealed record Request(
        [property: Description("https, a host of the public internet, port 443 or one from 1024 on; no user or fragment")] string Url,
        [property: Description("What it is to be told of; see docs/webhooks.md")] string[] EventTypes,
        [property: Description("At most 200 characters")] string? Description = null,
        bool Enabled = true);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost(WebhookRoutes.Endpoints, HandleAsync)
        .RequireScope(Scopes.WebhooksManage)
        .WithName(nameof(CreateWebhookEndpoint))
        .WithSummary("Be told of events as they happen")
        .WithDescription("""
            Events from the next moment on are posted to the URL, signed as Standard Webhooks with the secret of the answer, which is never shown again.
            A key may subscribe to what it may read: 403 names the scope that lacks. An endpoint of a test key hears of sandbox messages only, and of
            nothing that is not a message's.
            """)
        .WithRequestExample("""{"url":"https://hooks.example.com/notifications","event_types":["message.delivered","message.failed","message.bounced"],"description":"order service"}""");

    private static async Task<Results<Created<WebhookEndpointWithSecret>, Problem>> HandleAsync(
        Body<Request> body, EndpointStore endpoints, WebhookSecrets secrets, TargetRules rules, Caller caller, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var wish = EndpointRules.Check(body.Value.Url, body.Value.EventTypes, body.Value.Description, body.Value.Enabled, rules, errors);
        if (errors.Any) return errors.ToProblem();
        if (caller.Refuse(wish.EventTypes) is { } forbidden) return forbidden;
        if (secrets.Problem is not null) return EndpointRules.NoKey();

        if (await endpoints.CreateAsync(caller.Owner(), wish, ct) is not { } created)
            return Problems.Conflict("too_many_endpoints", "This client has as many endpoints as it may; delete one that is not used");
        var view = WebhookEndpointView.Of(created.Endpoint);
        return TypedResults.Created($"/v1{WebhookRoutes.Endpoints}/{view.Id}", new WebhookEndpointWithSecret(view, WebhookSecrets.Reveal(created.Secret)));
    }
}
