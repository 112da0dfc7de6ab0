namespace NotificationServer.Tracking.Webhooks;

/// The secrets that a call is signed with: the one in force, and for a day the one before it.
internal static class WebhookSigning
{
    /// Empty: this node cannot read the one in force, and a call that its receiver cannot check is not made.
    public static IReadOnlyList<byte[]> Open(this WebhookSecrets secrets, Guid endpoint, byte[] secret, string key, byte[]? former, string? formerKey)
    {
        if (secrets.Open(endpoint, secret, key) is not { } current) return [];
        return former is not null && formerKey is not null && secrets.Open(endpoint, former, formerKey) is { } before ? [current, before] : [current];
    }
}
