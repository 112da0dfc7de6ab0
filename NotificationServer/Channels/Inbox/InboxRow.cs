namespace NotificationServer.Channels.Inbox;

/// What one person would have seen, and (payload) the rest of what the vendor would have been told.
/// ReceivedAt is when it was stored, by the database's clock.
internal sealed record InboxRow(
    Guid Id, Guid MessageId, string Channel, string Address, string? Title, string? Subject, string? Text, string? Html, string? Payload,
    DateTime ReceivedAt = default);
