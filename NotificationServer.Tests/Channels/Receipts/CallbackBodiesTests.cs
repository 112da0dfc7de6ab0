using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Channels.Receipts;

namespace NotificationServer.Tests.Channels.Receipts;

/// What callers may make a node hold before anybody knows who they are.
public sealed class CallbackBodiesTests
{
    private const int Longest = 8 * 1024 * 1024;

    private readonly StoppedClock clock = new();
    private readonly CallbackBodies bodies;

    public CallbackBodiesTests() => bodies = new CallbackBodies(clock, NullLogger<CallbackBodies>.Instance);

    [Fact]
    public async Task A_length_that_is_only_promised_takes_no_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("3 bytes", await ReadAsync(new MemoryStream([1, 2, 3]), promised: Longest));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Theory]
    [InlineData(101, 101L)]
    [InlineData(101, null)]
    public async Task A_body_that_is_too_long_is_not_read_to_its_end(int length, long? promised)
    {
        Assert.Equal("413", await ReadAsync(new MemoryStream(new byte[length]), promised, most: 100));
        Assert.Equal("100 bytes", await ReadAsync(new MemoryStream(new byte[100]), promised: null, most: 100));
    }

    [Fact]
    public async Task Beyond_the_bound_long_ones_are_told_to_come_again_while_short_ones_are_read_and_all_are_when_the_others_are_done()
    {
        var slow = Enumerable.Range(0, CallbackBodies.MostHeldForLong / Longest).Select(_ => new SlowBody(Longest)).ToList();
        var reading = slow.ConvertAll(body => ReadAsync(body, Longest));
        await Task.WhenAll(slow.Select(body => body.Waits));

        Assert.Equal("503", await ReadAsync(new MemoryStream(new byte[CallbackBodies.Short + 1]), promised: null));
        Assert.Equal($"{CallbackBodies.Short} bytes", await ReadAsync(new MemoryStream(new byte[CallbackBodies.Short]), promised: null));

        slow[0].End();
        Assert.Equal($"{Longest} bytes", await reading[0]);
        Assert.Equal($"{Longest} bytes", await ReadAsync(new MemoryStream(new byte[Longest]), promised: null));
        slow[1].End();
        await reading[1];
    }

    [Fact]
    public async Task Short_ones_have_a_bound_as_well()
    {
        var slow = Enumerable.Range(0, CallbackBodies.MostHeld / CallbackBodies.Short).Select(_ => new SlowBody(CallbackBodies.Short)).ToList();
        var reading = slow.ConvertAll(body => ReadAsync(body, promised: null));
        await Task.WhenAll(slow.Select(body => body.Waits));

        Assert.Equal("503", await ReadAsync(new MemoryStream([1]), promised: null));

        slow.ForEach(body => body.End());
        await Task.WhenAll(reading);
        Assert.Equal("1 bytes", await ReadAsync(new MemoryStream([1]), promised: null));
    }

    [Fact]
    public async Task Whoever_dawdles_is_sent_away_and_what_they_sent_counts_no_more()
    {
        var slow = Enumerable.Range(0, CallbackBodies.MostHeldForLong / Longest).Select(_ => new SlowBody(Longest)).ToList();
        var reading = slow.ConvertAll(body => ReadAsync(body, Longest));
        await Task.WhenAll(slow.Select(body => body.Waits));

        clock.Ring();

        Assert.All(await Task.WhenAll(reading), answer => Assert.Equal("408", answer));
        Assert.Equal($"{Longest} bytes", await ReadAsync(new MemoryStream(new byte[Longest]), promised: null));
    }

    private Task<string> ReadAsync(Stream body, long? promised, int most = Longest)
    {
        var request = new DefaultHttpContext().Request;
        (request.Body, request.ContentLength) = (body, promised);
        return bodies.ReadAsync(request, most, read => $"{read.Length} bytes", status => $"{status}", CancellationToken.None);
    }

    /// Sends so much and then nothing more until it is told that this was all.
    private sealed class SlowBody(int length) : MemoryStream(new byte[length])
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waits => waits.Task;

        public void End() => ended.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var read) return read;
            waits.TrySetResult();
            await ended.Task.WaitAsync(cancellationToken);
            return 0;
        }
    }

    /// No time passes until it rings, and then all of it has.
    private sealed class StoppedClock : TimeProvider
    {
        private readonly List<Action> alarms = [];

        public void Ring() => alarms.ToList().ForEach(alarm => alarm());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var alarm = new Alarm();
            alarms.Add(() => alarm.Ring(() => callback(state)));
            return alarm;
        }

        private sealed class Alarm : ITimer
        {
            private bool isOff;

            public void Ring(Action call)
            {
                if (!isOff) call();
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => isOff = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
