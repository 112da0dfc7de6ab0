using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;

namespace NotificationServer.Tests.Delivery.Gates;

public sealed class CallWindowTests
{
    private static readonly SendOutcome Ok = SendOutcome.Accepted("1"), Bad = SendOutcome.Transient("http_500", "it failed"),
        Silent = SendOutcome.Unknown("timeout", "no answer"), NoWay = SendOutcome.NotSent("refused", "no connection"),
        Refused = SendOutcome.Misconfigured("http_401", "refused our credentials");

    private readonly HandClock clock = new();
    private readonly CallWindow window;

    public CallWindowTests() => window = new CallWindow(new GatesOptions(), clock);

    [Fact]
    public void Half_of_twenty_calls_failing_says_stop_and_the_nineteenth_does_not()
    {
        for (var i = 0; i < 9; i++) Assert.Null(window.Add(Ok));
        for (var i = 0; i < 10; i++) Assert.Null(window.Add(Bad));

        Assert.StartsWith("11 of 20 calls failed", window.Add(Bad), StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_failures_than_half_never_say_stop()
    {
        for (var i = 0; i < 300; i++) Assert.Null(window.Add(i % 5 < 2 ? Bad : Ok));
    }

    [Fact]
    public void What_is_older_than_the_window_counts_no_more()
    {
        for (var i = 0; i < 19; i++) window.Add(Bad);
        clock.Pass(TimeSpan.FromSeconds(31));

        Assert.Null(window.Add(Bad));
        Assert.Equal(1, window.FailureShare);
        clock.Pass(TimeSpan.FromHours(10));
        Assert.Equal(0, window.FailureShare);
    }

    [Fact]
    public void The_window_rolls_second_by_second()
    {
        for (var i = 0; i < 10; i++) window.Add(Bad);
        clock.Pass(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 9; i++) Assert.Null(window.Add(Bad));
        clock.Pass(TimeSpan.FromSeconds(9));

        Assert.NotNull(window.Add(Bad));
    }

    [Fact]
    public void Five_calls_in_a_row_that_nobody_answered_say_stop()
    {
        SendOutcome[] calls = [Silent, Silent, NoWay, Silent, Ok, Silent, Silent, NoWay, Silent];
        foreach (var call in calls) Assert.Null(window.Add(call));

        Assert.NotNull(window.Add(Silent));
    }

    [Fact]
    public void A_provider_that_refuses_messages_but_answers_is_healthy()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(window.Add(SendOutcome.Permanent("21211", "not a number")));
            Assert.Null(window.Add(SendOutcome.AddressDead("410", "gone")));
            Assert.Null(window.Add(SendOutcome.Throttled("429", "too fast", TimeSpan.FromSeconds(1))));
        }
    }

    [Fact]
    public void Refused_credentials_say_stop_unless_others_are_accepted_meanwhile()
    {
        for (var i = 0; i < 6; i++)
        {
            Assert.Null(window.Add(Refused));
            for (var j = 0; j < 3; j++) Assert.Null(window.Add(Ok));
        }
        Assert.Null(window.Add(Refused));
        Assert.Null(window.Add(Refused));

        Assert.StartsWith("misconfigured", window.Add(Refused), StringComparison.Ordinal);
    }
}
