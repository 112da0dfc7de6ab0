namespace NotificationServer.Queue;

/// One event that a provider told of a message. Without a message of ours it is kept all the same, under the empty id.
internal sealed record NewReceipt
{
    public Guid MessageId { get; init; }
    /// The same for each repeat.
    public required Guid Key { get; init; }
    public required string Event { get; init; }
    public required string Kind { get; init; }
    public required string Class { get; init; }
    /// Where it takes the message: sent, delivered, bounced or failed; null: nowhere.
    public string? Status { get; init; }
    public string? Code { get; init; }
    public string? Reason { get; init; }
    public string? ProviderMessageId { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Detail { get; init; }
}

/// A receipt that was not known before. Address and category are the message's; null without one.
internal sealed record StoredReceipt(Guid MessageId, Guid Key, string? Address, string? UserId, string? Category);
