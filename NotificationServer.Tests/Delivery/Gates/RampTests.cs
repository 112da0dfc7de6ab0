using NotificationServer.Delivery.Gates;

namespace NotificationServer.Tests.Delivery.Gates;

public sealed class RampTests
{
    private readonly HandClock clock = new();
    private readonly Ramp ramp;

    public RampTests() => ramp = new Ramp(new GatesOptions { LeastCalls = 20 }, clock);

    [Fact]
    public void An_account_that_was_never_closed_takes_whatever_comes() => Assert.Equal(1000, Started(1000));

    [Fact]
    public void After_it_was_closed_as_many_calls_begin_as_the_breaker_needs_to_judge_it()
    {
        ramp.Begin();

        Assert.Equal(20, Started(1000));
        Assert.Equal(0, ramp.Room);
    }

    [Fact]
    public void Each_that_goes_well_makes_room_for_two_until_there_is_no_limit()
    {
        ramp.Begin();
        for (var round = 1; round <= 4; round++)
        {
            var started = Started(1000);
            Assert.Equal(20 * Math.Pow(2, round - 1), started);
            for (var i = 0; i < started; i++) ramp.Ended(failed: false);
        }

        Assert.Equal(1000, Started(1000));
    }

    [Fact]
    public void However_they_go_a_few_begin_each_second()
    {
        ramp.Begin();
        for (var second = 0; second < 5; second++)
        {
            var started = Started(1000);
            Assert.Equal(20, started);
            for (var i = 0; i < started; i++) ramp.Ended(failed: true);
            clock.Pass(TimeSpan.FromSeconds(1));
        }
    }

    private int Started(int asked) => Enumerable.Range(0, asked).Count(_ => ramp.TryStart());
}
