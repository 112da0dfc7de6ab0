using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Calendar;

namespace NotificationServer.Tests.Campaigns.Calendar;

public sealed class CollisionsTests
{
    private static readonly CategoryLimit TwoAWeek = new("offers", "Offers", 2, TimeSpan.FromDays(7), "defer");

    [Fact]
    public void The_third_in_a_week_is_one_too_many_and_the_two_before_it_are_told()
    {
        var collision = Assert.Single(Collisions.Of([Run("c", 5), Run("a", 1), Run("b", 3)], [TwoAWeek]));
        Assert.Equal("c", collision.Run.Name);
        Assert.Equal(["a", "b"], collision.Before.Select(run => run.Name));
    }

    [Fact]
    public void What_is_far_enough_apart_is_not() =>
        Assert.Empty(Collisions.Of([Run("a", 1), Run("b", 3), Run("c", 8), Run("d", 10)], [TwoAWeek]));

    [Fact]
    public void Another_category_or_another_channel_takes_nothing_away() => Assert.Empty(Collisions.Of(
        [Run("a", 1), Run("b", 2) with { Categories = ["news"] }, Run("c", 3) with { Families = ["sms"] }, Run("d", 4)], [TwoAWeek]));

    [Fact]
    public void What_ignores_the_limit_is_never_too_many_and_counts_all_the_same()
    {
        var runs = new[] { Run("a", 1), Run("b", 2) with { RespectsLimits = false }, Run("c", 3), Run("d", 4) with { RespectsLimits = false } };
        Assert.Equal("c", Assert.Single(Collisions.Of(runs, [TwoAWeek])).Run.Name);
    }

    private static PlannedRun Run(string name, int day) => new(Guid.CreateVersion7(), name, CampaignStatus.Scheduled, new DateTimeOffset(2026, 12, day, 9, 0, 0, TimeSpan.Zero))
    {
        Categories = ["offers"], Families = ["email"],
    };
}
