using NotificationServer.Platform.Clocks;

namespace NotificationServer.Campaigns.Plans;

/// When a campaign goes out, and goes out again.
internal static class Occurrences
{
    /// Where the clocks are furthest ahead, and where they are furthest behind.
    private static readonly TimeSpan Earliest = TimeSpan.FromHours(14), Latest = TimeSpan.FromHours(-12);

    /// The first one after an instant; null: there is none (any more). Now: that instant itself. Local: when its hour first strikes, where
    /// the clocks are furthest ahead.
    public static DateTimeOffset? Next(Schedule schedule, DateTimeOffset after) => schedule.Kind switch
    {
        ScheduleKind.Now => after,
        ScheduleKind.At => schedule.At > after ? schedule.At : null,
        ScheduleKind.Local => FirstStrike(schedule) > after ? FirstStrike(schedule) : null,
        ScheduleKind.Recurring => schedule.Cron is not { } text || Cron.Parse(text, out _)?.Next(after, schedule.TimeZone) is not { } next || next > schedule.Until
            ? null : next,
    };

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

    /// When a launch at an instant begins: the same, but for a local hour that has struck for some already and is still to come for others.
    public static DateTimeOffset? StartAfter(Schedule schedule, DateTimeOffset launched) =>
        schedule.Kind == ScheduleKind.Local && LastStrike(schedule) > launched && FirstStrike(schedule) <= launched ? launched : Next(schedule, launched);

    /// Local: when its hour strikes where the clocks are furthest behind; nobody's is later.
    public static DateTimeOffset? LastStrike(Schedule schedule) => Strike(schedule, Latest);

    private static DateTimeOffset? FirstStrike(Schedule schedule) => Strike(schedule, Earliest);

    private static DateTimeOffset? Strike(Schedule schedule, TimeSpan offset) =>
        schedule.LocalTime is { } local ? new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), TimeSpan.Zero) - offset : null;
}
