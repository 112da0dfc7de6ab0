using NotificationServer.Channels;

namespace NotificationServer.Recipients;

/// What kind of message a category is: decides its lane, and which of a person's wishes it has to respect.
internal enum MessageClass
{
    /// Sign-in codes, security: goes first, and is sent in spite of opt-outs, never in spite of a block or a suppression.
    Critical,
    Transactional,
    Marketing,
}

/// What becomes of a message that is due in a person's quiet hours.
internal enum QuietPolicy
{
    /// It is sent all the same.
    Ignore,
    /// It is sent when they end, if it has not expired by then.
    Defer,
    /// It ends, suppressed.
    Expire,
}

/// What becomes of a message that is one too many.
internal enum LimitPolicy
{
    /// It waits for its turn.
    Defer,
    /// It ends, suppressed.
    Drop,
    /// It waits, and of those that wait only the newest is sent.
    Merge,
}

/// So many for a person on a channel family in this time, as a bucket that is filled evenly.
internal sealed record ContactLimit(int Count, TimeSpan Per, LimitPolicy Policy);

internal sealed record CategoryRule(string Key, MessageClass Class, TimeSpan? ExpiresAfter)
{
    /// For whoever names no category.
    public static readonly CategoryRule None = new("", MessageClass.Transactional, null);

    /// What counts until a person says something about this category.
    public bool DefaultOptIn { get; init; } = true;
    public QuietPolicy Quiet { get; init; } = QuietPolicy.Defer;
    public ContactLimit? Limit { get; init; }
    /// Null: every channel.
    public IReadOnlySet<Channel>? Channels { get; init; }

    public bool MayUse(Channel channel) => Channels is null || Channels.Contains(channel);
}
