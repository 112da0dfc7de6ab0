namespace NotificationServer.Channels.Push;

/// How long a push service shall keep a message for a device that is off: the shorter of the asked time to live and the
/// message's own end; without either four weeks, the most that any of them allows.
internal static class PushLife
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(28);

    public static TimeSpan Of(PushMessage message, DateTimeOffset now)
    {
        var life = message.TimeToLive ?? Most;
        if (message.ExpiresAt is { } end && end - now < life) life = end - now;
        return life < TimeSpan.Zero ? TimeSpan.Zero : life < Most ? life : Most;
    }

    /// In seconds since 1970; 0 means one attempt, never stored.
    public static long EndOf(PushMessage message, DateTimeOffset now)
    {
        var life = Of(message, now);
        return life == TimeSpan.Zero ? 0 : (now + life).ToUnixTimeSeconds();
    }
}
