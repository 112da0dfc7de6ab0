using System.Globalization;
using NotificationServer.Recipients;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Recipients;

public sealed class QuietHoursTests
{
    [Theory]
    // Through the night, in the zone of the person.
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-01-10T20:59:59Z", null)]
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-01-10T21:00:00Z", "2026-01-11T06:00:00Z")]
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-01-11T05:59:59Z", "2026-01-11T06:00:00Z")]
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-01-11T06:00:00Z", null)]
    [InlineData("22:00", "07:00", "Asia/Kathmandu", "2026-01-10T16:15:00Z", "2026-01-11T01:15:00Z")]
    // Within a day.
    [InlineData("12:00", "14:00", "UTC", "2026-01-10T13:00:00Z", "2026-01-10T14:00:00Z")]
    [InlineData("12:00", "14:00", "UTC", "2026-01-10T11:00:00Z", null)]
    // No zone, or one that is no more, is UTC.
    [InlineData("12:00", "14:00", null, "2026-01-10T13:00:00Z", "2026-01-10T14:00:00Z")]
    [InlineData("12:00", "14:00", "Mars/Base", "2026-01-10T13:00:00Z", "2026-01-10T14:00:00Z")]
    public void Quiet_is_what_the_wall_clock_says(string from, string to, string? zone, string at, string? end) =>
        Assert.Equal(Instant(end), Quiet(from, to, zone).EndOf(Instant(at)!.Value)); // given

    [Theory]
    // 29 March 2026: from 02:00 (01:00Z) the clock says 03:00. An end in the gap is the first moment after it; the night is an hour shorter.
    [InlineData("22:00", "02:30", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z")]
    [InlineData("22:00", "02:30", "2026-03-29T01:00:00Z", null)]
    [InlineData("22:00", "07:00", "2026-03-29T00:00:00Z", "2026-03-29T05:00:00Z")]
    // A beginning in the gap too; and what begins and ends in it is not.
    [InlineData("02:30", "06:00", "2026-03-29T00:59:59Z", null)]
    [InlineData("02:30", "06:00", "2026-03-29T01:00:00Z", "2026-03-29T04:00:00Z")]
    [InlineData("02:10", "02:50", "2026-03-29T01:00:00Z", null)]
    // 25 October 2026: at 03:00 (01:00Z) the clock is put back to 02:00. The first 02:30 counts, once; the night is an hour longer.
    [InlineData("22:00", "02:30", "2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z")]
    [InlineData("22:00", "02:30", "2026-10-25T01:15:00Z", null)]
    [InlineData("02:30", "06:00", "2026-10-25T00:29:59Z", null)]
    [InlineData("02:30", "06:00", "2026-10-25T01:15:00Z", "2026-10-25T05:00:00Z")]
    [InlineData("22:00", "07:00", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z")]
    [Bar("B29")]
    public void F39_a_clock_that_is_put_forward_or_back_neither_repeats_nor_loses_an_end(string from, string to, string at, string? end) =>
        Assert.Equal(Instant(end), Quiet(from, to, "Europe/Berlin").EndOf(Instant(at)!.Value)); // given

    [Fact]
    public void The_end_of_quiet_is_not_quiet()
    {
        var quiet = Quiet("22:00", "07:00", "America/New_York");
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var minutes = 0; minutes < 366 * 24 * 60; minutes += 17)
        {
            if (quiet.EndOf(start.AddMinutes(minutes)) is not { } end) continue;
            Assert.True(end > start.AddMinutes(minutes));
            Assert.Null(quiet.EndOf(end));
        }
    }

    private static QuietHours Quiet(string from, string to, string? zone) =>
        new(TimeOnly.ParseExact(from, "HH:mm", CultureInfo.InvariantCulture), TimeOnly.ParseExact(to, "HH:mm", CultureInfo.InvariantCulture), zone);

    private static DateTimeOffset? Instant(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
