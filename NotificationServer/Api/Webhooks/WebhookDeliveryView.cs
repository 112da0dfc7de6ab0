using System.ComponentModel;
using System.Text.Json;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

/// An event as one endpoint was told of it.
public sealed record WebhookDeliveryView(
    [property: Description("The webhook-id that the receiver sees")] string Id,
    string Type, DateTimeOffset Timestamp,
    [property: Description("pending, delivered or failed (given up, until it is sent again)")] string Status,
    int Attempts,
    [property: Description("Of the last answer")] int? HttpStatus,
    [property: Description("Of the last try; null: 2xx")] string? Error,
    DateTimeOffset? NextAttemptAt, DateTimeOffset? FinishedAt)
{
    internal static WebhookDeliveryView Of(WebhookDelivery row) => new(
        PrefixedId.Format(WebhookEvent.IdPrefix, row.EventId), row.Type, row.At, row.Status, row.Attempts, row.HttpStatus, row.Error, row.NextAttemptAt, row.FinishedAt);
}

/// One call. `answer`: the first kilobyte of the body, as text.
public sealed record WebhookAttemptView(int Attempt, int? HttpStatus, string? Error, string? Answer, DateTimeOffset StartedAt, double LatencyMs)
{
    internal static WebhookAttemptView Of(WebhookAttempt row) => new(
        row.Attempt, row.HttpStatus, row.Error, row.Answer, row.StartedAt, Math.Round((row.FinishedAt - row.StartedAt).TotalMilliseconds, 1));
}

/// A delivery with what was said and every answer to it.
public sealed record WebhookDeliveryWithAttempts(WebhookDeliveryView Delivery, JsonElement Data, IReadOnlyList<WebhookAttemptView> Attempts);
