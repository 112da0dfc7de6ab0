using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

/// A name server that does not answer holds up nobody but those who want to go there.
public sealed class DialingTests
{
    [Fact]
    public async Task Two_hundred_who_ask_a_silent_name_server_hold_one_thread_and_none_of_the_pool()
    {
        using var silence = new ManualResetEventSlim();
        var askers = new ConcurrentBag<bool>();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IPAddress[] LookUp(string host)
        {
            askers.Add(Thread.CurrentThread.IsThreadPoolThread);
            asked.TrySetResult();
            silence.Wait();
            return [IPAddress.Loopback];
        }

        var all = Enumerable.Range(0, 200).Select(_ => Dialing.FindAsync("silent.example.org", LookUp, default)).ToList();
        await asked.Task;
        Assert.All(all, one => Assert.False(one.IsCompleted));
        // Others are answered meanwhile, and who gives up need not wait.
        Assert.Equal([IPAddress.IPv6Loopback], await Dialing.FindAsync("other.example.org", _ => [IPAddress.IPv6Loopback], default));
        using var late = new CancellationTokenSource();
        var impatient = Dialing.FindAsync("SILENT.example.org", LookUp, late.Token);
        await late.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        silence.Set();
        foreach (var one in all) Assert.Equal([IPAddress.Loopback], await one);
        Assert.Equal([false], askers);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_asked_for_again_by_whoever_comes_later()
    {
        IPAddress[] Nowhere(string host) => throw new SocketException((int)SocketError.HostNotFound);
        await Assert.ThrowsAsync<SocketException>(() => Dialing.FindAsync("moves.example.org", Nowhere, default));
        await Eventually.IsTrueAsync(async () =>
        {
            try
            {
                return await Dialing.FindAsync("moves.example.org", _ => [IPAddress.Loopback], default) is [_];
            }
            catch (SocketException)
            {
                return false; // the first answer had not left yet
            }
        });
        Assert.Equal([IPAddress.Parse("192.0.2.7")], await Dialing.FindAsync("192.0.2.7", Nowhere, default));
    }
}
