using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

internal static class ReadWebhookEndpoints
{
    private const string List = "webhook-endpoints";

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet(WebhookRoutes.Endpoints, ListAsync)
            .RequireScope(Scopes.WebhooksManage)
            .WithName("ListWebhookEndpoints")
            .WithSummary("The client's webhook endpoints, oldest first");
        v1.MapGet($"{WebhookRoutes.Endpoints}/{{id}}", GetAsync)
            .RequireScope(Scopes.WebhooksManage)
            .WithName("GetWebhookEndpoint")
            .WithSummary("One webhook endpoint, and how it does");
    }

    private static async Task<Results<Ok<Page<WebhookEndpointView>>, Problem>> ListAsync(
        [AsParameters] PageQuery page, EndpointStore endpoints, Cursors cursors, Caller caller, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var after) is { } problem) return problem;
        var rows = await endpoints.ListAsync(caller.Owner(), after is null ? null : Guid.ParseExact(after[0], "N"), page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, WebhookEndpointView.Of, row => cursors.Seal(List, row.Id.ToString("N"))));
    }

    private static async Task<Results<Ok<WebhookEndpointView>, Problem>> GetAsync(
        string id, EndpointStore endpoints, Caller caller, HttpContext http, CancellationToken ct)
    {
        if (await endpoints.OfAsync(caller, id, ct) is not { } found) return Problems.NotFound();
        http.SetETag(found.Version);
        return TypedResults.Ok(WebhookEndpointView.Of(found));
    }

    /// Null: there is none of this id, or it is not this caller's.
    public static Task<WebhookEndpoint?> OfAsync(this EndpointStore endpoints, Caller caller, string id, CancellationToken ct) =>
        PrefixedId.TryParse(WebhookEndpoint.IdPrefix, id, out var endpoint)
            ? endpoints.FindAsync(caller.Owner(), endpoint, ct) : Task.FromResult<WebhookEndpoint?>(null);
}
