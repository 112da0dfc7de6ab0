using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Messages;

/// One message, with what is known of the job and the notification behind it.
internal sealed record MessageHead
{
    public const string Erased = "erased";

    public required Guid Id { get; init; }
    public required Guid NotificationId { get; init; }
    public required Guid ClientId { get; init; }
    public string? Client { get; init; }
    public string? UserId { get; init; }
    public string? DeviceId { get; init; }
    public required string Channel { get; init; }
    public required short Lane { get; init; }
    public string? Address { get; init; }
    public string? PushProvider { get; init; }
    public string? AppId { get; init; }
    public string? Locale { get; init; }
    public string? TimeZone { get; init; }
    public required bool Sandbox { get; init; }
    /// As the lists tell it.
    public required string State { get; init; }
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
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? RunAt { get; init; }
    public string? LeasedBy { get; init; }
    public DateTimeOffset? LeasedAt { get; init; }
    public string? Template { get; init; }
    public int? TemplateVersion { get; init; }
    public string? RouteRule { get; init; }
    public string? PinnedProvider { get; init; }
    public Guid? ConsentId { get; init; }
    public bool HasNotification { get; init; }
    public string? EventId { get; init; }
    public string? Category { get; init; }
    public string? CategoryName { get; init; }
    public string? CollapseKey { get; init; }
    public int? Recipients { get; init; }
    public Guid? CampaignId { get; init; }
    public string? CampaignName { get; init; }
    /// Its failure's group, while it waits for a decision.
    public string? Fingerprint { get; init; }

    public string PublicId => PrefixedId.Format("msg", Id);
    public string PublicNotificationId => PrefixedId.Format("ntf", NotificationId);
    public bool IsPush => Channel.EndsWith("push", StringComparison.Ordinal);
    public bool IsErased => Address == Erased;
    public bool IsWaiting => State is "ready" or "scheduled" or "retrying";
    public string LaneName => Lane switch { 0 => "critical", 1 => "transactional", _ => "bulk" };
}

/// Something that happened to it.
internal sealed record Moment(string Icon, string Tone, string Title, DateTimeOffset At)
{
    public string? Detail { get; init; }
    /// What the provider said, as it said it.
    public string? Raw { get; init; }
    public string? Link { get; init; }
}

internal sealed record Sibling(Guid Id, string? UserId, string? Address, string Channel, string State);

internal sealed record MessageStory(MessageHead Head, IReadOnlyList<Moment> Moments, IReadOnlyList<Sibling> Siblings);
