namespace NotificationServer.Platform.Clocks;

/// A part of the day, on some days of the week (none: on all), by the clock of a zone (IANA; null or unknown: UTC). From is in it, to is
/// not; to before from ends on the next day, and equal ends are a whole day. A day is the one on which it began.
internal static class SendWindows
{
    public static bool IsOpen(IReadOnlyCollection<DayOfWeek> days, TimeOnly from, TimeOnly to, string? zone, DateTimeOffset at) =>
        NextOpening(days, from, to, zone, at) == at;

    /// The instant itself if it is open then.
    public static DateTimeOffset NextOpening(IReadOnlyCollection<DayOfWeek> days, TimeOnly from, TimeOnly to, string? zone, DateTimeOffset at)
    {
        var today = LocalTimes.LocalOf(at, zone).Date;
        // From yesterday on, which may still last. A week has every day; where a gap swallowed the window of one, the week after it has it.
        for (var i = -1; i <= 15; i++)
        {
            var day = today.AddDays(i);
            if (days.Count > 0 && !days.Contains(day.DayOfWeek)) continue;
            var (opens, closes) = Ends(day, from, to, zone);
            if (opens < closes && at < closes) return at >= opens ? at : opens;
        }
        return at; // no window is closed for two weeks
    }

    /// When the window that is open at an instant closes; null: it is not open.
    public static DateTimeOffset? ClosingOf(IReadOnlyCollection<DayOfWeek> days, TimeOnly from, TimeOnly to, string? zone, DateTimeOffset at)
    {
        var today = LocalTimes.LocalOf(at, zone).Date;
        for (var i = -1; i <= 0; i++)
        {
            var day = today.AddDays(i);
            if (days.Count > 0 && !days.Contains(day.DayOfWeek)) continue;
            var (opens, closes) = Ends(day, from, to, zone);
            if (at >= opens && at < closes) return closes;
        }
        return null;
    }

    private static (DateTimeOffset Opens, DateTimeOffset Closes) Ends(DateTime day, TimeOnly from, TimeOnly to, string? zone) =>
        (LocalTimes.InstantOf(day + from.ToTimeSpan(), zone), LocalTimes.InstantOf((from < to ? day : day.AddDays(1)) + to.ToTimeSpan(), zone));
}
