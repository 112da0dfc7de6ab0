using Microsoft.Extensions.Options;
using NotificationServer.Queue;

namespace NotificationServer.Tests.Queue;

public sealed class RetryDelayTests
{
    [Theory]
    [InlineData("01:00:00", 60)]
    [InlineData("00:15:00", 31)]
    [InlineData("00:00:00.01", 1000)]
    public void However_long_the_base_and_however_many_the_failures_nobody_waits_longer_than_the_cap(string first, int failures)
    {
        var options = new QueueOptions { RetryBase = TimeSpan.Parse(first, System.Globalization.CultureInfo.InvariantCulture) };
        var delays = new RetryDelay(Options.Create(options), new Longest());

        Assert.Equal(options.RetryCap, delays.For(Lane.Critical, failures));
        Assert.Equal(options.RetryCapBulk, delays.For(Lane.Bulk, failures));
    }

    private sealed class Longest : Random
    {
        public override double NextDouble() => 1;
    }
}
