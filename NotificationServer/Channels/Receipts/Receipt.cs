namespace NotificationServer.Channels.Receipts;

/// What a provider told of a message afterwards, in our words.
internal enum ReceiptKind
{
    /// Under way: queued, processed, deferred. Proves that it was accepted.
    Progress,
    Sent,
    Delivered,
    /// It came back: the address would not take it.
    Bounced,
    /// It was given up by the provider or the carrier, for another reason than the address.
    Failed,
    Opened,
    Clicked,
    Complained,
    Unsubscribed,
    Resubscribed,
    /// A word that we do not know (yet): kept, and nothing else.
    Unknown,
}

/// What follows for the address, whatever becomes of the message.
internal enum AddressNews
{
    None,
    /// Never again: it does not exist, or takes nothing.
    Dead,
    /// It was not reached, this time: dead if that happens three times in a row.
    Unreachable,
    /// It is switched off, and may be switched on again: dead if that is said twice in a row.
    Disabled,
    /// The person told the provider STOP.
    Stopped,
    Complained,
    Unsubscribed,
    /// The same for one kind of mail.
    UnsubscribedFromGroup,
    ResubscribedToGroup,
}

/// One event of a callback. <see cref="Address"/> is for what follows and is never stored with the event.
internal sealed record Receipt
{
    /// The provider's own word.
    public required string Event { get; init; }
    public required ReceiptKind Kind { get; init; }
    /// Of the code, as an answer with that code would have been taken.
    public SendStatus Class { get; init; } = SendStatus.Accepted;
    public AddressNews News { get; init; }
    public string? Code { get; init; }
    /// For an operator; without addresses.
    public string? Words { get; init; }
    /// Ours, as the provider carried it.
    public Guid? MessageId { get; init; }
    public string? ProviderMessageId { get; init; }
    public required DateTimeOffset At { get; init; }
    /// The same however often the provider tells it.
    public required string Key { get; init; }
    public string? Address { get; init; }
    /// A JSON object of what else was said, without addresses; null: nothing.
    public string? Detail { get; init; }
}

internal static class ReceiptKinds
{
    public static string Name(this ReceiptKind kind) => kind switch
    {
        ReceiptKind.Progress => "progress",
        ReceiptKind.Sent => "sent",
        ReceiptKind.Delivered => "delivered",
        ReceiptKind.Bounced => "bounced",
        ReceiptKind.Failed => "failed",
        ReceiptKind.Opened => "opened",
        ReceiptKind.Clicked => "clicked",
        ReceiptKind.Complained => "complained",
        ReceiptKind.Unsubscribed => "unsubscribed",
        ReceiptKind.Resubscribed => "resubscribed",
        ReceiptKind.Unknown => "unknown",
    };

    /// Where it takes a message, if the message is not further already; null: it says nothing of that.
    public static string? MessageStatus(this ReceiptKind kind) => kind switch
    {
        ReceiptKind.Progress or ReceiptKind.Sent => "sent",
        // Whoever reads it, or complains of it, has it.
        ReceiptKind.Delivered or ReceiptKind.Opened or ReceiptKind.Clicked or ReceiptKind.Complained => "delivered",
        ReceiptKind.Bounced => "bounced",
        ReceiptKind.Failed => "failed",
        ReceiptKind.Unsubscribed or ReceiptKind.Resubscribed or ReceiptKind.Unknown => null,
    };

    public static string ClassName(this SendStatus status) => status switch
    {
        SendStatus.Accepted => "ok",
        SendStatus.Transient or SendStatus.NotSent or SendStatus.Unknown => "retry",
        SendStatus.Throttled => "throttled",
        SendStatus.Permanent => "permanent",
        SendStatus.AddressDead => "invalid_recipient",
        SendStatus.Misconfigured => "auth_config",
    };
}
