using NotificationServer.Channels.Receipts;

namespace NotificationServer.Tracking.Engagement;

internal enum EngagementKind
{
    Opened,
    Clicked,
    Replied,
    Unsubscribed,
    Complained,
}

/// Somebody did something with a message, once.
internal sealed record Sign(Guid Message, EngagementKind Kind, Engager By, DateTimeOffset At)
{
    /// As told by our own links and pixel.
    public const string Own = "own";

    /// Who says so: <see cref="Own"/>, or the account whose provider told.
    public string Source { get; init; } = Own;
    public string? Url { get; init; }
    /// Whoever did this has opened it.
    public bool ProvesOpen { get; init; }

    /// Null: nothing that a person does.
    public static EngagementKind? KindOf(ReceiptKind kind) => kind switch
    {
        ReceiptKind.Opened => EngagementKind.Opened,
        ReceiptKind.Clicked => EngagementKind.Clicked,
        ReceiptKind.Complained => EngagementKind.Complained,
        ReceiptKind.Unsubscribed => EngagementKind.Unsubscribed,
        ReceiptKind.Progress or ReceiptKind.Sent or ReceiptKind.Delivered or ReceiptKind.Bounced or ReceiptKind.Failed
            or ReceiptKind.Resubscribed or ReceiptKind.Unknown => null,
    };

    public static string NameOf(EngagementKind kind) => kind switch
    {
        EngagementKind.Opened => "opened",
        EngagementKind.Clicked => "clicked",
        EngagementKind.Replied => "replied",
        EngagementKind.Unsubscribed => "unsubscribed",
        EngagementKind.Complained => "complained",
    };
}
