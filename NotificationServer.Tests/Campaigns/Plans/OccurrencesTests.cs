using System.Globalization;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Tests.Campaigns.Plans;

public sealed class OccurrencesTests
{
    private static readonly DateTimeOffset Now = At("2026-03-20T12:00:00Z");

    [Fact]
    public void What_is_sent_once_has_one_run_and_none_when_it_is_over()
    {
        Assert.Equal([At("2026-04-01T09:00:00Z")], Occurrences.Preview(new Schedule { Kind = ScheduleKind.At, At = At("2026-04-01T09:00:00Z") }, Now, 5));
        Assert.Empty(Occurrences.Preview(new Schedule { Kind = ScheduleKind.At, At = Now }, Now, 5));
        Assert.Equal([Now], Occurrences.Preview(new Schedule(), Now, 5));
    }

    [Fact]
    public void A_local_hour_begins_where_the_clocks_are_furthest_ahead_and_a_late_launch_begins_at_once()
    {
        var schedule = new Schedule { Kind = ScheduleKind.Local, LocalTime = new DateTime(2026, 4, 1, 9, 0, 0) };

        Assert.Equal([At("2026-03-31T19:00:00Z")], Occurrences.Preview(schedule, Now, 5));
        Assert.Equal(At("2026-03-31T19:00:00Z"), Occurrences.StartAfter(schedule, Now));
        Assert.Equal(At("2026-04-01T08:00:00Z"), Occurrences.StartAfter(schedule, At("2026-04-01T08:00:00Z")));
        Assert.Null(Occurrences.StartAfter(schedule, At("2026-04-01T21:00:00Z")));
    }

    [Fact]
    public void F39_a_recurring_one_goes_by_the_clock_of_its_zone_until_it_ends()
    {
        var schedule = new Schedule { Kind = ScheduleKind.Recurring, Cron = "30 2 * * SUN", TimeZone = "Europe/Berlin", Until = At("2026-04-12T00:30:00Z") };

        Assert.Equal(
            [At("2026-03-22T01:30:00Z"), At("2026-03-29T01:00:00Z"), At("2026-04-05T00:30:00Z"), At("2026-04-12T00:30:00Z")],
            Occurrences.Preview(schedule, Now, 10));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
