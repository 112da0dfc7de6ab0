using NotificationServer.Queue;
using NotificationServer.Queue.Hangfire;

namespace NotificationServer.Tests.Queue.Hangfire;

public sealed class LaneRoomTests
{
    [Fact]
    public void Bulk_leaves_room_for_the_lanes_above_and_has_some_that_they_leave_to_it()
    {
        var room = new LaneRoom(20);
        Assert.Equal(16, Fill(room, Lane.Bulk));

        Assert.Equal(2, Fill(room, Lane.Critical));
        Assert.Equal(2, Fill(room, Lane.Transactional));
        Assert.False(room.HasRoomFor(Lane.Critical));

        var other = new LaneRoom(20);
        Assert.Equal(17, Fill(other, Lane.Critical));
        Assert.Equal(1, Fill(other, Lane.Bulk));
    }

    [Fact]
    public void Whoever_was_refused_is_told_when_there_is_room_again()
    {
        var room = new LaneRoom(4);
        room.Take(Lane.Bulk);
        Assert.False(room.Release(Lane.Bulk));
        Fill(room, Lane.Bulk);

        Assert.True(room.Release(Lane.Bulk));
        Assert.False(room.Release(Lane.Bulk));
    }

    [Fact]
    public void A_queue_s_name_says_its_channel_and_lane()
    {
        Assert.Equal(["ios_push_critical", "ios_push_transactional", "ios_push_bulk"], QueueNames.Of("ios_push"));
        Assert.Equal(("ios_push", Lane.Bulk), QueueNames.Parse("ios_push_bulk"));
    }

    private static int Fill(LaneRoom room, Lane lane)
    {
        var taken = 0;
        for (; room.HasRoomFor(lane); taken++) room.Take(lane);
        return taken;
    }
}
