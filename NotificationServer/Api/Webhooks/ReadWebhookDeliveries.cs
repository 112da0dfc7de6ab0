using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

internal static class ReadWebhookDeliveries
{
    private const string List = "webhook-deliveries";

    public sealed record Query
    {
        [FromQuery(Name = "status"), Description("pending, delivered or failed")]
        public string? Status { get; init; }

        [FromQuery(Name = "event_type")]
        public string? EventType { get; init; }

        [FromQuery(Name = "from"), Description("Happened at or after")]
        public string? From { get; init; }

        [FromQuery(Name = "to"), Description("Happened before")]
        public string? To { get; init; }
    }

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet($"{WebhookRoutes.Endpoints}/{{id}}/deliveries", ListAsync)
            .RequireScope(Scopes.WebhooksManage)
            .WithName("ListWebhookDeliveries")
            .WithMetadata(ReadsFar.Instance)
            .WithSummary("What an endpoint was told, newest first");
        v1.MapGet($"{WebhookRoutes.Endpoints}/{{id}}/deliveries/{{event}}", GetAsync)
            .RequireScope(Scopes.WebhooksManage)
            .WithName("GetWebhookDelivery")
            .WithSummary("One event as an endpoint was told of it, with every answer")
            .WithDescription("By the webhook-id that the receiver saw.");
    }

    private static async Task<Results<Ok<Page<WebhookDeliveryView>>, Problem>> ListAsync(
        string id, [AsParameters] Query query, [AsParameters] PageQuery page, EndpointStore endpoints, DeliveryLog deliveries, Cursors cursors, Caller caller,
        CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var position) is { } problem) return problem;
        if (query.Status is not (null or "pending" or "delivered" or "failed"))
            return Problems.InvalidParameter("query:status", "unknown_status", "Use pending, delivered or failed");
        if (query.EventType is { } type && !EventTypes.All.Contains(type))
            return Problems.InvalidParameter("query:event_type", "unknown_event_type", $"One of {string.Join(", ", EventTypes.All)}");
        if (Instant(query.From, "from", out var from) is { } badFrom) return badFrom;
        if (Instant(query.To, "to", out var to) is { } badTo) return badTo;
        if (await endpoints.OfAsync(caller, id, ct) is not { } endpoint) return Problems.NotFound();

        var below = to is { } end ? PrefixedId.SmallestAt(end) : Guid.AllBitsSet;
        if (position is not null && Guid.ParseExact(position[0], "N") is var last && last < below) below = last;
        var rows = await deliveries.ListAsync(
            endpoint.Id, new DeliveryFilter(query.Status, query.EventType, from is { } start ? PrefixedId.SmallestAt(start) : Guid.Empty, below), page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Size, WebhookDeliveryView.Of, row => cursors.Seal(List, row.EventId.ToString("N"))));
    }

    private static async Task<Results<Ok<WebhookDeliveryWithAttempts>, Problem>> GetAsync(
        string id, string @event, EndpointStore endpoints, DeliveryLog deliveries, Caller caller, CancellationToken ct)
    {
        if (!PrefixedId.TryParse(WebhookEvent.IdPrefix, @event, out var told) || await endpoints.OfAsync(caller, id, ct) is not { } endpoint
            || await deliveries.FindAsync(endpoint.Id, told, ct) is not { } found) return Problems.NotFound();
        return TypedResults.Ok(new WebhookDeliveryWithAttempts(
            WebhookDeliveryView.Of(found.Delivery), JsonElement.Parse(found.Delivery.Data), [.. found.Attempts.Select(WebhookAttemptView.Of)]));
    }

    private static Problem? Instant(string? text, string name, out DateTimeOffset? instant)
    {
        instant = null;
        if (text is null) return null;
        var valid = Rfc3339.TryParse(text, out var parsed) && parsed.Year is > 2000 and < 2200;
        instant = parsed;
        return valid ? null : Problems.InvalidParameter($"query:{name}", "invalid_time", "Times have the form 2026-11-01T09:00:00Z");
    }
}
