using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Notifications;

/// What somebody wants told to people. The one way in, for the API and for campaigns alike.
internal sealed record NotificationRequest
{
    public required Guid ClientId { get; init; }
    /// Of a test key: decided like any other, delivered to the inbox only.
    public bool Sandbox { get; init; }
    public string? EventId { get; init; }
    public required IReadOnlyList<RecipientReference> To { get; init; }
    public string? Template { get; init; }
    /// Null: the published one.
    public int? TemplateVersion { get; init; }
    /// Empty: every channel that there are words for.
    public IReadOnlyList<Channel> Channels { get; init; } = [];
    public string? Category { get; init; }
    public DateTimeOffset? SendAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public required NotificationPayload Payload { get; init; }
    public IdempotencyKey? Key { get; init; }
    /// Part of a campaign: these people get it in the bulk lane, each once for themselves.
    public Guid? CampaignRunId { get; init; }
}

/// A transport key: the first answer given under it is given again. Describe puts the answer into the words that are to be
/// repeated; it is called before the commit, because answer and notification are stored by the same one.
internal sealed record IdempotencyKey(string Value, Func<AcceptedNotification, string> Describe);

internal sealed record AcceptedNotification(Guid Id, DateTimeOffset AcceptedAt, int Recipients, IReadOnlyList<AcceptedMessage> Messages)
{
    public bool Deduplicated { get; init; }
}

internal sealed record AcceptedMessage(Guid Id, string? UserId, string Channel, string DeliveryStatus, string? Reason);
