using System.Globalization;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Tests.Platform.Clocks;

public sealed class CronTests
{
    [Theory]
    [InlineData("0 9 * * MON", "2026-11-23T09:00:00Z", "2026-11-30T09:00:00Z")]
    [InlineData("0 9 * * 1", "2026-11-23T08:59:59Z", "2026-11-23T09:00:00Z")]
    [InlineData("*/15 8-9 * * *", "2026-01-01T08:50:00Z", "2026-01-01T09:00:00Z")]
    [InlineData("5/20 8 * * *", "2026-01-01T08:25:00Z", "2026-01-01T08:45:00Z")]
    [InlineData("0 0 1 jan,jul *", "2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z")]
    [InlineData("30 18 L * *", "2028-02-01T00:00:00Z", "2028-02-29T18:30:00Z")]
    [InlineData("0 12 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T12:00:00Z")]
    // Sunday is 0 and 7.
    [InlineData("0 12 * * 7", "2026-11-23T00:00:00Z", "2026-11-29T12:00:00Z")]
    [InlineData("0 12 * * 5-7", "2026-11-28T13:00:00Z", "2026-11-29T12:00:00Z")]
    // Both days count: the first Monday of the month, and Friday the 13th.
    [InlineData("0 9 1-7 * MON", "2026-11-03T00:00:00Z", "2026-12-07T09:00:00Z")]
    [InlineData("0 9 13 * FRI", "2026-11-14T00:00:00Z", "2027-08-13T09:00:00Z")]
    public void The_next_time_is_the_first_one_after(string cron, string after, string next) => Assert.Equal(At(next), Next(cron, after, null));

    [Theory]
    // What is in the gap happens right after it, and once, however many times were in it.
    [InlineData("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("0,30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z")]
    [InlineData("30 2,3 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z")]
    // What is there twice happens the first time, and not again.
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-25T01:10:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z")]
    [InlineData("0 3 * * *", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z")]
    public void F39_a_clock_that_is_put_forward_or_back_neither_repeats_nor_loses_a_time(string cron, string after, string next, string thereafter)
    {
        Assert.Equal(At(next), Next(cron, after, "Europe/Berlin"));
        Assert.Equal(At(thereafter), Next(cron, next, "Europe/Berlin"));
    }

    [Theory]
    [InlineData("America/Havana", 0, 30), InlineData("Australia/Lord_Howe", 2, 15), InlineData("Europe/Berlin", 2, 30), InlineData("Asia/Kathmandu", 9, 0)]
    [InlineData("Africa/Casablanca", 2, 30), InlineData("America/Santiago", 0, 0), InlineData("Asia/Beirut", 0, 15)]
    public void A_daily_time_happens_once_on_every_day_of_five_years(string zone, int hour, int minute)
    {
        var cron = string.Create(CultureInfo.InvariantCulture, $"{minute} {hour} * * *");
        var (at, end) = (At("2026-01-01T12:00:00Z"), At("2031-01-01T12:00:00Z"));
        var days = new List<DateTime>();
        while (Cron.Parse(cron, out _)!.Next(at, zone) is { } next && next < end)
        {
            Assert.True(next > at);
            days.Add(LocalTimes.LocalOf(at = next, zone).Date);
        }

        Assert.Equal(5 * 365 + 1, days.Count);
        Assert.Equal(days.Count, days.Distinct().Count());
    }

    [Fact]
    public void What_never_comes_has_no_next_time() => Assert.Null(Next("0 9 31 2 *", "2026-01-01T00:00:00Z", "Europe/Berlin"));

    [Theory]
    [InlineData("", "Five parts"), InlineData("* * * *", "Five parts"), InlineData("* * * * * *", "Five parts")]
    [InlineData("60 * * * *", "minute"), InlineData("-1 * * * *", "minute"), InlineData("*/0 * * * *", "minute"), InlineData("*/60 * * * *", "minute"), InlineData("1,,2 * * * *", "minute")]
    [InlineData("0 24 * * *", "hour"), InlineData("0 9-8 * * *", "hour"), InlineData("0 9 0 * *", "day of the month"), InlineData("0 9 32 * *", "day of the month")]
    [InlineData("0 9 LW * *", "day of the month"), InlineData("0 9 * 13 *", "month"), InlineData("0 9 * foo *", "month"), InlineData("0 9 * * 8", "day of the week"), InlineData("0 9 * * MON#1", "day of the week")]
    public void What_is_no_expression_is_refused_in_words(string cron, string about)
    {
        Assert.Null(Cron.Parse(cron, out var problem));
        Assert.Contains(about, problem, StringComparison.Ordinal);
    }

    private static DateTimeOffset? Next(string cron, string after, string? zone) => Cron.Parse(cron, out var problem) is { } parsed ? parsed.Next(At(after), zone) : throw new ArgumentException(problem);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
