namespace NotificationServer.Campaigns.Plans;

/// When a campaign goes out, and goes out again.
internal static class Occurrences
{
    /// The first one after an instant; null: there is none (any more). Now: that instant itself. Local: when its hour first strikes, where
    /// the clocks are furthest ahead.
    public static DateTimeOffset? Next(Schedule schedule, DateTimeOffset after) => throw new NotImplementedException($"{schedule} {after}");

    /// The next ones, in order: fewer if there are fewer.
    public static IReadOnlyList<DateTimeOffset> Preview(Schedule schedule, DateTimeOffset after, int count)
    {
        List<DateTimeOffset> found = [];
        while (found.Count < count && Next(schedule, found.Count == 0 ? after : found[^1]) is { } next)
        {
            found.Add(next);
            if (schedule.Kind != ScheduleKind.Recurring) break;
        }
        return found;
    }
}
