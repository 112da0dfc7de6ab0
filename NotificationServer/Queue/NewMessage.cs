namespace NotificationServer.Queue;

/// A message as intake decided it: to be sent, or suppressed with the rule that suppressed it.
internal sealed record NewMessage
{
    public required Guid Id { get; init; }
    public required Guid NotificationId { get; init; }
    public required Guid ClientId { get; init; }
    public string? UserId { get; init; }
    public string? DeviceId { get; init; }
    public required string Channel { get; init; }
    public required Lane Lane { get; init; }
    public string? Address { get; init; }
    public string? PushProvider { get; init; }
    public string? AppId { get; init; }
    public string? Locale { get; init; }
    public string? TimeZone { get; init; }
    public bool Sandbox { get; init; }
    /// The words' name, for the figures; null: they came with the notification.
    public string? Template { get; init; }
    public int? TemplateVersion { get; init; }
    /// Null: it is queued. Else it ends here, suppressed for this reason.
    public string? SuppressedBecause { get; init; }
    /// The yes that allows it, where somebody was asked.
    public Guid? ConsentId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SendAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    /// Part of a campaign: of which of its runs.
    public Guid? CampaignRunId { get; init; }
}
