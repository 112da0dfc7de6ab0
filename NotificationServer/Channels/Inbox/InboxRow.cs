namespace NotificationServer.Channels.Inbox;

/// What one person would have seen, and (payload) the rest of what the vendor would have been told.
internal sealed record InboxRow(
    Guid Id, Guid MessageId, string Channel, string Address, string? Title, string? Subject, string? Text, string? Html, string? Payload)
{
    /// When the row was stored; the database's clock.
    public DateTime ReceivedAt { get; init; }
}
