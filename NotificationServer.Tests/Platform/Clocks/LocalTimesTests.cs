using System.Globalization;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Tests.Platform.Clocks;

public sealed class LocalTimesTests
{
    [Theory]
    // 29 March 2026, Berlin: from 02:00 (01:00Z) the clock says 03:00. What is in the gap is the first minute after it.
    [InlineData("2026-03-29T01:59", "Europe/Berlin", "2026-03-29T00:59:00Z")]
    [InlineData("2026-03-29T02:00", "Europe/Berlin", "2026-03-29T01:00:00Z")]
    [InlineData("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:00:00Z")]
    [InlineData("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00Z")]
    // 25 October 2026: at 03:00 (01:00Z) it says 02:00 again. The first of the two.
    [InlineData("2026-10-25T02:00", "Europe/Berlin", "2026-10-25T00:00:00Z")]
    [InlineData("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00:00Z")]
    // Lord Howe moves by half an hour: a gap from 02:00 to 02:30 and an overlap from 01:30 to 02:00.
    [InlineData("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30:00Z")]
    [InlineData("2026-10-04T02:30", "Australia/Lord_Howe", "2026-10-03T15:30:00Z")]
    [InlineData("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z")]
    [InlineData("2026-04-05T02:00", "Australia/Lord_Howe", "2026-04-04T15:30:00Z")]
    // Offsets of half an hour and of three quarters.
    [InlineData("2026-12-01T09:00", "Asia/Kolkata", "2026-12-01T03:30:00Z")]
    [InlineData("2026-12-01T09:00", "Asia/Kathmandu", "2026-12-01T03:15:00Z")]
    [InlineData("2026-12-01T09:00", "Pacific/Chatham", "2026-11-30T19:15:00Z")]
    // A day that never was: Samoa went from the 29th of December 2011 to the 31st.
    [InlineData("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00:00Z")]
    [InlineData("2026-12-01T09:00", null, "2026-12-01T09:00:00Z")]
    [InlineData("2026-12-01T09:00", "Mars/Base", "2026-12-01T09:00:00Z")]
    public void F39_a_wall_time_is_one_instant_whatever_is_done_to_the_clock(string local, string? zone, string instant) =>
        Assert.Equal(At(instant), LocalTimes.InstantOf(DateTime.Parse(local, CultureInfo.InvariantCulture), zone));

    [Theory]
    [InlineData("2026-07-01T12:00:00Z", "Europe/Zurich", "2026-07-01T14:00")]
    [InlineData("2026-12-31T23:30:00Z", "Asia/Kathmandu", "2027-01-01T05:15")]
    [InlineData("2026-12-31T23:30:00Z", null, "2026-12-31T23:30")]
    public void What_the_clocks_say(string instant, string? zone, string local) =>
        Assert.Equal(DateTime.Parse(local, CultureInfo.InvariantCulture), LocalTimes.LocalOf(At(instant), zone));

    [Theory]
    [InlineData("Europe/Zurich", true), InlineData("UTC", true), InlineData("Mars/Base", false), InlineData("", false), InlineData(null, false)]
    public void A_zone_is_one_of_the_tables(string? zone, bool known) => Assert.Equal(known, LocalTimes.IsZone(zone));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
