using System.Text.Json;

namespace NotificationServer.Channels;

/// What every provider is told beside the words. <see cref="Id"/> is the same on every attempt: it is the key by which a
/// repeated send is recognised wherever a provider has such a key.
internal abstract record OutboundMessage
{
    public required Guid Id { get; init; }
    public required Channel Channel { get; init; }
    /// After this instant nobody wants the message any more; passed on to providers that can drop it themselves.
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed record PushMessage : OutboundMessage
{
    public required string Token { get; init; }
    /// apns, fcm, webpush ...: whose token it is.
    public required string PushProvider { get; init; }
    /// Bundle id or package name; null: the provider's configured default.
    public string? AppId { get; init; }
    public string? Title { get; init; }
    public string? Subtitle { get; init; }
    public string? Body { get; init; }
    public Uri? Image { get; init; }
    /// Handed to the app unchanged; a JSON object.
    public JsonElement? Data { get; init; }
    public int? Badge { get; init; }
    public string? Sound { get; init; }
    /// The app's name for the buttons and the tap of this kind of message (`category`, `click_action`).
    public string? Category { get; init; }
    /// Messages with the same thread are shown as one group where the system can.
    public string? ThreadId { get; init; }
    /// Wakes the app without showing anything: only <see cref="Data"/> counts.
    public bool Background { get; init; }
    /// Members that only Apple knows, written over ours in `aps` (sound as an object, loc-keys, interruption-level).
    public JsonElement? Aps { get; init; }
    /// Members that only Android knows, written over ours in `android.notification` (icon, color, channel_id).
    public JsonElement? AndroidNotification { get; init; }
    /// Where a tap on a web push leads; https.
    public Uri? Link { get; init; }
    /// Messages with the same key replace one another on the device.
    public string? CollapseKey { get; init; }
    public TimeSpan? TimeToLive { get; init; }
    /// Wake the device now (critical and transactional) or when it suits (bulk).
    public bool Urgent { get; init; } = true;
}

internal sealed record SmsMessage : OutboundMessage
{
    /// E.164 with the plus sign.
    public required string To { get; init; }
    public required string Text { get; init; }
    /// A sender of ours; null: the provider's configured default.
    public string? From { get; init; }
}

internal sealed record EmailMessage : OutboundMessage
{
    public required string To { get; init; }
    public string? ToName { get; init; }
    public required string Subject { get; init; }
    public string? Text { get; init; }
    public string? Html { get; init; }
    public string? From { get; init; }
    public string? FromName { get; init; }
    public string? ReplyTo { get; init; }
    /// Where a mail program posts to take the reader off the list (RFC 8058): https. Every marketing mail has one.
    public string? Unsubscribe { get; init; }
    /// Headers beside those that the other members make.
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// What a provider writes: the headers, and those that the way out needs. DKIM must cover them.
    public IReadOnlyDictionary<string, string> AllHeaders => Unsubscribe is null ? Headers : new Dictionary<string, string>(Headers)
    {
        ["List-Unsubscribe"] = $"<{Unsubscribe}>",
        ["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click",
    };
}
