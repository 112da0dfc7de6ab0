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

    private static Sign Click(Guid message, string url, double seconds) =>
        new(message, EngagementKind.Clicked, Engager.Human, Noon.AddSeconds(seconds)) { Url = url };
}
