namespace NotificationServer.Channels.Receipts;

/// By what the callbacks of one account are known. Which of them count is the vendor's affair.
internal sealed record CallbackSecrets
{
    /// The account's key, as attempts and figures call it.
    public required string Account { get; init; }
    /// Twilio: the auth tokens that may have signed, the other one while they are changed. Vonage: the signature secret.
    /// Mailchimp: the webhook's key. SendGrid: the public key, base64 without PEM lines.
    public required IReadOnlyList<string> Keys { get; init; }
    /// How Vonage's SMS API signs.
    public string Method { get; init; } = "sha256";
    /// A signed time further away than this is a repeat by somebody else.
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);
}
