using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

internal static class PatchWebhookEndpoint
{
    /// A patch names what it changes, so that losing a race is no reason to bother the caller, unless the caller said so (If-Match).
    private const int Tries = 5;

    public static void Map(RouteGroupBuilder v1) => v1.MapPatch($"{WebhookRoutes.Endpoints}/{{id}}", HandleAsync)
        .RequireScope(Scopes.WebhooksManage)
        .WithName(nameof(PatchWebhookEndpoint))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Change a webhook endpoint (JSON merge patch)")
        .WithDescription("What happens while it is disabled is not kept for it; what waits already goes on when it is enabled again. To pause without a gap, answer 503 with Retry-After.")
        .WithRequestExample("""{"event_types":["message.failed"],"enabled":true}""");

    private static async Task<Results<Ok<WebhookEndpointView>, Problem>> HandleAsync(
        string id, MergePatch<CreateWebhookEndpoint.Request> patch, EndpointStore endpoints, TargetRules rules, Caller caller, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var expected) is { } badTag) return badTag;
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await endpoints.OfAsync(caller, id, ct) is not { } current) return Problems.NotFound();
            if (expected is not null && expected != current.Version.ToString(CultureInfo.InvariantCulture)) return Problems.VersionConflict();
            var known = new CreateWebhookEndpoint.Request(current.Url, current.EventTypes, current.Description, current.Enabled);
            if (patch.Apply(known, out var request) is { } fault) return fault;

            var errors = new FieldErrors();
            var wish = EndpointRules.Check(request!.Url, request.EventTypes, request.Description, request.Enabled, rules, errors); // there was no fault
            if (errors.Any) return errors.ToProblem();
            // What it is told of already, somebody was allowed to ask for.
            if (caller.Refuse(wish.EventTypes.Except(current.EventTypes)) is { } forbidden) return forbidden;

            if (await endpoints.ReplaceAsync(caller.Owner(), current.Id, wish, current.Version, ct) is { } stored)
            {
                http.SetETag(stored.Version);
                return TypedResults.Ok(WebhookEndpointView.Of(stored));
            }
        }
        return Problems.VersionConflict();
    }
}
