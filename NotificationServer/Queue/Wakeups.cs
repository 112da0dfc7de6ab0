using System.Collections.Concurrent;

namespace NotificationServer.Queue;

/// Tells the workers of this node that a channel has new work. Only a hint: whoever misses it finds the work by polling.
internal sealed class Wakeups
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> channels = new(StringComparer.Ordinal);

    public void Wake(string channel)
    {
        var signal = Of(channel);
        // One waiting signal says it all; a lost race merely wakes a worker once too often.
        if (signal.CurrentCount == 0) signal.Release();
    }

    /// Returns when woken, or after the longest wait.
    public Task WaitAsync(string channel, TimeSpan longest, CancellationToken ct) => Of(channel).WaitAsync(longest, ct);

    private SemaphoreSlim Of(string channel) => channels.GetOrAdd(channel, static _ => new SemaphoreSlim(0));
}
