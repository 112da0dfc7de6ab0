using NotificationServer.Delivery;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Delivery;

/// Of 200 sends in flight 20 are kept for critical, 20 for transactional and 10 for bulk.
public sealed class SlotsTests
{
    private readonly Slots slots = new(200);

    [Fact]
    public void A_backlog_of_both_other_lanes_leaves_the_critical_lane_its_share()
    {
        var limits = slots.OfTheOthers();
        Assert.Equal((0, 170, 160), (limits.Critical, limits.Transactional, limits.Bulk));
        Assert.Equal(180, limits.Free);

        Take(Lane.Transactional, 170);
        Take(Lane.Bulk, 10);

        Assert.Equal(0, slots.OfTheOthers().Most);
        Assert.Equal(20, slots.OfCritical().Critical);
    }

    [Fact]
    public void Critical_may_have_all_but_what_is_kept_for_the_others()
    {
        Assert.Equal(170, slots.OfCritical().Critical);

        Take(Lane.Critical, 170);

        Assert.Equal(0, slots.OfCritical().Most);
        Assert.Equal((20, 10), (slots.OfTheOthers().Transactional, slots.OfTheOthers().Bulk));
    }

    [Fact]
    public void What_ends_makes_room_again_and_the_last_one_ends_the_draining()
    {
        Take(Lane.Bulk, 2);
        var drained = slots.DrainAsync();

        slots.Release(Lane.Bulk);
        Assert.False(drained.IsCompleted);
        slots.Release(Lane.Bulk);

        Assert.True(drained.IsCompletedSuccessfully);
        Assert.Equal(160, slots.OfTheOthers().Bulk);
    }

    private void Take(Lane lane, int times)
    {
        for (var i = 0; i < times; i++) slots.Take(lane);
    }
}
