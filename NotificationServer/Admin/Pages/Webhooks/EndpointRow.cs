using System.Security.Claims;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Admin.Pages.Webhooks;

/// An endpoint with whose it is and how it does: without its secret.
internal sealed record EndpointRow
{
    public required Guid Id { get; init; }
    public required Guid ClientId { get; init; }
    public required string Client { get; init; }
    public required bool Sandbox { get; init; }
    public required string Url { get; init; }
    public required string[] EventTypes { get; init; }
    public string? Description { get; init; }
    public required bool Enabled { get; init; }
    public string? DisabledReason { get; init; }
    public DateTimeOffset? DisabledAt { get; init; }
    public DateTimeOffset? FailingSince { get; init; }
    public DateTimeOffset? FormerUntil { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    /// Of the newest deliveries of the last day.
    public long Told { get; init; }
    public long Delivered { get; init; }
    /// Bounded.
    public long Waiting { get; init; }
    public required DateTimeOffset Now { get; init; }

    public string Name => PrefixedId.Format(WebhookEndpoint.IdPrefix, Id);
    public string Host => new Uri(Url).Host;

    public (string Tone, string Text) State => this switch
    {
        { DisabledReason: "gone" } => ("fail", "Stopped: it answered 410"),
        { DisabledReason: "failing" } => ("fail", "Stopped: it kept failing"),
        { Enabled: false } => ("off", "Disabled"),
        { FailingSince: { } since } => ("warn", $"Failing for {Words.Age(Now - since)}"),
        { Told: 0 } => ("ok", "Listening"),
        _ => ("ok", "Works"),
    };

    public string Success => Told == 0 ? "–" : $"{Math.Floor(1000.0 * Delivered / Told) / 10:0.#}%";

    /// People put tokens into paths: whoever does not keep endpoints sees where they are, not how to call them.
    public string Shown(ClaimsPrincipal person) => person.IsInRole(Roles.Administrator) || new Uri(Url).PathAndQuery.Length <= 1 ? Url : $"{new Uri(Url).GetLeftPart(UriPartial.Authority)}/…";
}
