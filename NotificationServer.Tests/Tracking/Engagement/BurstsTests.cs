using NotificationServer.Channels.Receipts;
using NotificationServer.Tracking.Engagement;

namespace NotificationServer.Tests.Tracking.Engagement;

public sealed class BurstsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ann = Guid.CreateVersion7();
    private static readonly Guid Bob = Guid.CreateVersion7();

    [Fact]
    public void Several_links_of_one_message_at_once_are_a_machine_s_and_one_of_each_of_two_messages_are_people_s()
    {
        var judged = Bursts.Judge([Click(Ann, "a", 0), Click(Bob, "a", 0.1), Click(Ann, "b", 1.5), Click(Ann, "c", 60)], TimeSpan.FromSeconds(2));

        Assert.Equal([Engager.Machine, Engager.Human, Engager.Machine, Engager.Human], judged.Select(sign => sign.By));
    }

    [Fact]
    public void A_link_that_is_followed_twice_and_an_open_beside_it_are_no_burst()
    {
        var open = new Sign(Ann, EngagementKind.Opened, Engager.Human, Noon);

        Assert.All(Bursts.Judge([open, Click(Ann, "a", 0), Click(Ann, "a", 0.3)], TimeSpan.FromSeconds(2)), sign => Assert.Equal(Engager.Human, sign.By));
    }

    [Fact]
    public void A_click_is_a_machine_s_exactly_if_another_link_of_the_message_was_followed_within_the_time()
    {
        var random = new Random(17);
        var within = TimeSpan.FromSeconds(2);
        for (var round = 0; round < 500; round++)
        {
            var clicks = Enumerable.Range(0, random.Next(12)).Select(_ => Click(random.Next(3) == 0 ? Bob : Ann, $"{random.Next(3)}", random.Next(20) * 0.5)).ToList();

            var expected = clicks.ConvertAll(one => clicks.Exists(other => other.Message == one.Message && other.Url != one.Url && (other.At - one.At).Duration() < within));

            Assert.Equal(expected, Bursts.Judge(clicks, within).ConvertAll(sign => sign.By == Engager.Machine));
        }
    }

    /// Compared each with each, these would take the better part of an hour.
    [Fact]
    public void One_link_that_is_followed_a_million_times_costs_no_more_than_a_million_that_are_followed_once()
    {
        var clicks = Enumerable.Range(0, 1_000_000).Select(i => Click(Ann, "a", i * 0.000001)).ToList();

        Assert.All(Bursts.Judge(clicks, TimeSpan.FromSeconds(2)).GroupBy(sign => sign.By), by => Assert.Equal((Engager.Human, 1_000_000), (by.Key, by.Count())));
        Assert.All(Bursts.Judge([.. clicks, Click(Ann, "b", 0.5)], TimeSpan.FromSeconds(2)).GroupBy(sign => sign.By), by => Assert.Equal((Engager.Machine, 1_000_001), (by.Key, by.Count())));
    }

    private static Sign Click(Guid message, string url, double seconds) =>
        new(message, EngagementKind.Clicked, Engager.Human, Noon.AddSeconds(seconds)) { Url = url };
}
