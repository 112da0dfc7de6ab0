using NotificationServer.Benchmarks.Day;

namespace NotificationServer.Tests.Benchmarks;

/// The timetable of `./bench day`.
public sealed class DayTests
{
    private static readonly DayPlan Plan = DayPlan.Parse(["--minutes", "4", "--per-second", "100"]);

    [Fact]
    public void It_has_all_messages_in_order_and_none_after_midnight()
    {
        var times = Enumerable.Range(0, Plan.Steady).Select(Plan.Due).ToList();

        Assert.Equal(24_000, Plan.Messages);
        Assert.Equal(Plan.Messages, Plan.Steady + Plan.PushCampaignSize + Plan.MailCampaignSize);
        Assert.Equal(times.Order(), times);
        Assert.InRange(times[0], TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(times[^1], Plan.Length - TimeSpan.FromSeconds(1), Plan.Length);
    }

    [Fact]
    public void The_night_is_quiet_and_the_evening_is_not()
    {
        int Within(int hour) => Enumerable.Range(0, Plan.Steady).Count(n => (int)(Plan.Due(n) / Plan.Hour) == hour);

        Assert.InRange((double)Within(19) / Within(3), 9, 10.5);
        Assert.True(Within(9) > Within(12) && Within(19) > Within(14));
    }

    [Fact]
    public void The_mix_is_that_of_the_day()
    {
        var bodies = Enumerable.Range(0, 10_000).Select(DayMix.Single).ToList();
        double Share(string text) => bodies.Count(body => body.Contains(text, StringComparison.Ordinal)) / 10_000d;

        // With the campaigns, which are a fifth of all as pushes and a tenth as mails: 62.5 %, 6.25 % and 31.25 %.
        Assert.Equal(0.625, (0.7 * Share("_push\"]")) + DayPlan.PushCampaign, 2);
        Assert.Equal(0.0625, 0.7 * Share("[\"sms\"]"), 2);
        Assert.Equal(0.3125, (0.7 * Share("[\"email\"]")) + DayPlan.MailCampaign, 2);
        Assert.InRange(Share("\"security\""), 0.05, 0.1);
    }
}
