using System.ComponentModel;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

/// An endpoint, without its secret.
public sealed record WebhookEndpointView(
    string Id, string Url, IReadOnlyList<string> EventTypes, string? Description, bool Enabled,
    [property: Description("gone (it answered 410) or failing (for five days); null: the server did not disable it")] string? DisabledReason,
    DateTimeOffset? DisabledAt,
    [property: Description("The first failure since the last success; null: the last call succeeded")] DateTimeOffset? FailingSince,
    [property: Description("Until then the former secret signs too; null: it does not")] DateTimeOffset? FormerSecretUntil,
    int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static WebhookEndpointView Of(WebhookEndpoint row) => new(
        PrefixedId.Format(WebhookEndpoint.IdPrefix, row.Id), row.Url, row.EventTypes, row.Description, row.Enabled, row.DisabledReason, row.DisabledAt,
        row.FailingSince, row.FormerUntil, row.Version, row.CreatedAt, row.UpdatedAt);
}

/// An endpoint and its secret, which is shown this once.
public sealed record WebhookEndpointWithSecret(
    WebhookEndpointView Endpoint, [property: Description("Shown this once: whsec_ and base64")] string Secret);
