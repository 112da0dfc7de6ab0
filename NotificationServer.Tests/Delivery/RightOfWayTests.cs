using Microsoft.Extensions.Options;
using NotificationServer.Delivery;
using NotificationServer.Queue;
using NotificationServer.Tests.Delivery.Gates;

namespace NotificationServer.Tests.Delivery;

public sealed class RightOfWayTests : IDisposable
{
    private readonly HandClock clock = new();
    private readonly IntakeTraffic traffic;
    private readonly RightOfWay way;

    public RightOfWayTests()
    {
        traffic = new IntakeTraffic(clock);
        way = new RightOfWay(traffic, Options.Create(new DeliveryOptions { BesideCritical = 2 }), clock);
    }

    public void Dispose() => way.Dispose();

    [Fact]
    public async Task Nobody_waits_while_no_critical_message_is_on_its_way()
    {
        for (var i = 0; i < 100; i++) await way.TurnAsync();
    }

    [Fact]
    public async Task Beside_critical_messages_only_so_many_statements_run_and_the_next_begins_when_one_ends()
    {
        way.CriticalIsComing();
        var first = await way.TurnAsync();
        await way.TurnAsync();
        var third = way.TurnAsync().AsTask();
        Assert.False(third.IsCompleted);

        first.Dispose();

        await third;
    }

    [Fact]
    public async Task Whoever_waits_for_the_answer_to_a_single_notification_is_made_way_for_too()
    {
        traffic.Note();
        await way.TurnAsync();
        await way.TurnAsync();
        Assert.False(way.TurnAsync().AsTask().IsCompleted);

        clock.Pass(TimeSpan.FromSeconds(1.1));

        await way.TurnAsync();
    }

    [Fact]
    public async Task A_second_after_the_last_critical_message_nobody_waits_any_more()
    {
        way.CriticalIsComing();
        clock.Pass(TimeSpan.FromSeconds(1.1));

        for (var i = 0; i < 100; i++) await way.TurnAsync();
    }
}
