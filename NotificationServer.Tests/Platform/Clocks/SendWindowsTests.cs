using System.Globalization;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Tests.Platform.Clocks;

public sealed class SendWindowsTests
{
    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    [Theory]
    // A Friday in Zurich, winter: 09:00 is 08:00Z.
    [InlineData("2026-01-09T07:59:59Z", "2026-01-09T08:00:00Z")]
    [InlineData("2026-01-09T08:00:00Z", "2026-01-09T08:00:00Z")]
    [InlineData("2026-01-09T16:59:59Z", "2026-01-09T16:59:59Z")]
    // 18:00 is not in it; the next opening is on Monday.
    [InlineData("2026-01-09T17:00:00Z", "2026-01-12T08:00:00Z")]
    [InlineData("2026-01-10T12:00:00Z", "2026-01-12T08:00:00Z")]
    // Over the change of the clock: Monday's 09:00 is an hour earlier.
    [InlineData("2026-03-27T17:00:00Z", "2026-03-30T07:00:00Z")]
    public void Office_hours_open_on_the_next_working_day(string at, string opens) =>
        Assert.Equal(At(opens), SendWindows.NextOpening(Weekdays, new(9, 0), new(18, 0), "Europe/Zurich", At(at)));

    [Theory]
    // Fridays from 22:00 to 02:00: what is open after midnight began the day before.
    [InlineData("2026-01-09T21:30:00Z", true, "2026-01-10T01:00:00Z")]
    [InlineData("2026-01-10T00:30:00Z", true, "2026-01-10T01:00:00Z")]
    [InlineData("2026-01-10T01:00:00Z", false, null)]
    [InlineData("2026-01-10T21:30:00Z", false, null)]
    public void A_night_belongs_to_the_day_on_which_it_began(string at, bool open, string? closes)
    {
        Assert.Equal(open, SendWindows.IsOpen([DayOfWeek.Friday], new(22, 0), new(2, 0), "Europe/Berlin", At(at)));
        Assert.Equal(closes is null ? null : At(closes), SendWindows.ClosingOf([DayOfWeek.Friday], new(22, 0), new(2, 0), "Europe/Berlin", At(at)));
    }

    [Fact]
    public void Equal_ends_are_a_whole_day()
    {
        Assert.True(SendWindows.IsOpen([], new(0, 0), new(0, 0), null, At("2026-01-10T21:30:00Z")));
        Assert.Equal(At("2026-01-12T00:00:00Z"), SendWindows.NextOpening([DayOfWeek.Monday], new(0, 0), new(0, 0), null, At("2026-01-10T21:30:00Z")));
    }

    [Theory]
    // All of it is in the gap of 29 March: that day has none, and the next is a day, or a week, later.
    [InlineData("2026-03-28T12:00:00Z", false, "2026-03-30T00:10:00Z")]
    [InlineData("2026-03-28T12:00:00Z", true, "2026-04-05T00:10:00Z")]
    // The hour that is there twice, on 25 October: the first counts.
    [InlineData("2026-10-24T12:00:00Z", true, "2026-10-25T00:10:00Z")]
    [InlineData("2026-10-25T01:20:00Z", true, "2026-11-01T01:10:00Z")]
    public void F39_a_window_in_a_gap_is_left_out_and_one_in_an_overlap_is_there_once(string at, bool sundays, string opens) =>
        Assert.Equal(At(opens), SendWindows.NextOpening(sundays ? [DayOfWeek.Sunday] : [], new(2, 10), new(2, 50), "Europe/Berlin", At(at)));

    [Fact]
    public void An_opening_is_open_and_what_is_open_closes_later()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var minutes = 0; minutes < 366 * 24 * 60; minutes += 37)
        {
            var at = start.AddMinutes(minutes);
            var opens = SendWindows.NextOpening(Weekdays, new(20, 0), new(4, 30), "America/New_York", at);
            Assert.True(opens >= at);
            Assert.True(SendWindows.IsOpen(Weekdays, new(20, 0), new(4, 30), "America/New_York", opens));
            Assert.True(SendWindows.ClosingOf(Weekdays, new(20, 0), new(4, 30), "America/New_York", opens) > opens);
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
