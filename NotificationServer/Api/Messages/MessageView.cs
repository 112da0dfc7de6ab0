using NotificationServer.Platform;

namespace NotificationServer.Api.Messages;

/// One message: one send, to one address of one recipient, on one channel.
public sealed record MessageView(
    string Id, string NotificationId, string? UserId, string? DeviceId, string Channel, string DeliveryStatus, string? Reason, int Attempts,
    string? Provider, string? ProviderMessageId, DateTimeOffset CreatedAt, DateTimeOffset? SendAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? SentAt, DateTimeOffset? NextAttemptAt, MessageErrorView? Error, MessageLinks Links)
{
    /// The yes that allowed it, where the person was asked; told of one message, not in lists.
    public string? ConsentId { get; init; }

    /// The routing rule that chose the account of the last attempt, `pinned` where somebody did; told of one message, not in lists.
    public string? RouteRule { get; init; }

    /// The campaign that it belongs to; told of one message, not in lists.
    public string? CampaignId { get; init; }

    /// What the person did with it, and what machines did that stand before them; told of one message, not in lists.
    public IReadOnlyList<EngagementView>? Engagement { get; init; }
}

/// `type`: opened, clicked, replied, unsubscribed, complained. `by`: human, machine, unknown. `at`: the first time. `count`: how often, as the source tells that saw
/// most of it. `sources`: `own` (our pixel and links), `click` (opened, as a click proves), or the accounts whose providers told.
public sealed record EngagementView(string Type, string By, DateTimeOffset At, DateTimeOffset LastAt, int Count, string? Url, IReadOnlyList<string> Sources);

/// The provider's last refusal. Permanent: it will not be tried again by itself.
public sealed record MessageErrorView(string? ProviderCode, string? Message, bool Permanent);

public sealed record MessageLinks(string Self, string Timeline, string Notification);

/// A row of the view message_states, as the queries of this folder select it.
internal sealed class MessageRow
{
    public required Guid Id { get; init; }
    public required Guid NotificationId { get; init; }
    public string? UserId { get; init; }
    public string? DeviceId { get; init; }
    public required string Channel { get; init; }
    public required string DeliveryStatus { get; init; }
    public string? Reason { get; init; }
    public required int Attempts { get; init; }
    public string? Provider { get; init; }
    public string? ProviderMessageId { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorDetail { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SendAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? NextAttemptAt { get; init; }
    public Guid? ConsentId { get; init; }
    public string? RouteRule { get; init; }
    public Guid? CampaignId { get; init; }

    public MessageView ToView()
    {
        var (id, notification) = (PrefixedId.Format("msg", Id), PrefixedId.Format("ntf", NotificationId));
        return new MessageView(
            id, notification, UserId, DeviceId, Channel, DeliveryStatus, Reason, Attempts, Provider, ProviderMessageId, CreatedAt, SendAt, ExpiresAt,
            SentAt, NextAttemptAt,
            ErrorCode is null && ErrorDetail is null ? null : new MessageErrorView(ErrorCode, ErrorDetail, DeliveryStatus == "failed"),
            new MessageLinks($"/v1/messages/{id}", $"/v1/messages/{id}/timeline", $"/v1/notifications/{notification}"))
        {
            ConsentId = ConsentId is { } consent ? PrefixedId.Format("con", consent) : null,
            RouteRule = RouteRule,
            CampaignId = CampaignId is { } campaign ? PrefixedId.Format("cmp", campaign) : null,
        };
    }
}
