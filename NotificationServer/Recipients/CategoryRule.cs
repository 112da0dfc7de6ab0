namespace NotificationServer.Recipients;

/// What kind of message a category is: decides its lane, and which of a person's wishes it has to respect.
internal enum MessageClass
{
    /// Sign-in codes, security: goes first, and is sent in spite of opt-outs, never in spite of a block or a suppression.
    Critical,
    Transactional,
    Marketing,
}

internal sealed record CategoryRule(string Key, MessageClass Class, TimeSpan? ExpiresAfter)
{
    /// For whoever names no category.
    public static readonly CategoryRule None = new("", MessageClass.Transactional, null);
}
