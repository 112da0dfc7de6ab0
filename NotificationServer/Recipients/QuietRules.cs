namespace NotificationServer.Recipients;

/// What quiet hours do to a message: nothing, hold it until they end, or end it.
internal readonly record struct QuietAnswer(DateTimeOffset? Until, bool Refused)
{
    public static QuietAnswer Go => default;
}

/// The same at intake, for when a message is due, and again just before a send.
internal static class QuietRules
{
    public const string Reason = "quiet_hours_expired";

    public static QuietAnswer Of(Person? person, CategoryRule category, bool respected, DateTimeOffset due, DateTimeOffset? expiresAt)
    {
        if (!respected || person?.Quiet is not { } quiet || category.Quiet == QuietPolicy.Ignore) return QuietAnswer.Go;
        if (quiet.EndOf(due) is not { } end) return QuietAnswer.Go;
        // What would be too old by then is told at once rather than in the morning.
        return category.Quiet == QuietPolicy.Expire || end >= expiresAt ? new QuietAnswer(null, Refused: true) : new QuietAnswer(end, Refused: false);
    }
}
