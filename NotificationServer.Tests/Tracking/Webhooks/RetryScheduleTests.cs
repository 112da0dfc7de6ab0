using Microsoft.Extensions.Options;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Tests.Tracking.Webhooks;

public sealed class RetryScheduleTests
{
    private readonly RetrySchedule schedule = new(Options.Create(new WebhooksOptions()), new Random(1));

    [Fact]
    public void It_is_tried_ten_times_over_three_days_and_the_waits_are_a_little_random()
    {
        string[] waits = ["00:00:05", "00:05:00", "00:30:00", "02:00:00", "05:00:00", "10:00:00", "14:00:00", "20:00:00", "1.00:00:00"];
        for (var tries = 1; tries <= waits.Length; tries++)
        {
            var wait = TimeSpan.Parse(waits[tries - 1], System.Globalization.CultureInfo.InvariantCulture);
            var drawn = Enumerable.Range(0, 20).Select(_ => schedule.After(tries, null)!.Value).ToList(); // not the last try

            Assert.All(drawn, one => Assert.InRange(one, wait * 0.8, wait * 1.2));
            Assert.True(drawn.Distinct().Count() > 10);
        }
        Assert.Null(schedule.After(10, null));
        Assert.Null(schedule.After(10, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_receiver_that_asks_for_more_time_is_given_it_and_one_that_asks_for_less_waits_as_ever()
    {
        Assert.Equal(TimeSpan.FromMinutes(50), schedule.After(1, TimeSpan.FromMinutes(50)));
        Assert.InRange(schedule.After(3, TimeSpan.FromSeconds(1))!.Value, TimeSpan.FromMinutes(24), TimeSpan.FromMinutes(36)); // not the last try
    }
}
