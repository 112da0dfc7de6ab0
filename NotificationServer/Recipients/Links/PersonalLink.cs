namespace NotificationServer.Recipients.Links;

/// What a link may be used for. A token made for one is nothing to another.
internal enum LinkPurpose
{
    Unsubscribe,
    Preferences,
}

/// Whom a link speaks for: a user of ours, or one address that belongs to nobody we know.
/// <c>Channel</c> is a family (push, sms, email): what is unsubscribed from, or the address's own.
internal sealed record PersonalLink
{
    public string? UserId { get; init; }
    public string? Address { get; init; }
    public string Channel { get; init; } = "";
    public string Category { get; init; } = "";
    public string? Locale { get; init; }
    /// The message that carries the link; null: it stands in none.
    public Guid? MessageId { get; init; }
}
