using System.Collections.Concurrent;

namespace NotificationServer.Queue;

/// Why a worker is woken.
[Flags]
internal enum Woken
{
    Nothing = 0,
    Critical = 1,
    Transactional = 2,
    Bulk = 4,
    AnyLane = Critical | Transactional | Bulk,
    Room = 8,
}

/// Tells the workers of this node that a channel has new work. Only a hint: whoever misses it finds the work by polling.
internal sealed class Wakeups
{
    private readonly ConcurrentDictionary<string, Signal> channels = new(StringComparer.Ordinal);
    // Of the channels where somebody waits for the critical lane alone.
    private readonly ConcurrentDictionary<string, Signal> express = new(StringComparer.Ordinal);

    /// Whatever lane it is that has something.
    public void Wake(string channel)
    {
        Of(channel).Give(Woken.AnyLane);
        if (express.TryGetValue(channel, out var critical)) critical.Give(Woken.Critical);
    }

    public void Wake(string channel, Lane lane)
    {
        if (lane == Lane.Critical && express.TryGetValue(channel, out var critical)) critical.Give(Woken.Critical);
        else Of(channel).Give(lane switch
        {
            Lane.Critical => Woken.Critical,
            Lane.Transactional => Woken.Transactional,
            Lane.Bulk => Woken.Bulk,
        });
    }

    /// No new work, but room for the work that is known.
    public void WakeForRoom(string channel) => Of(channel).Give(Woken.Room);

    /// Returns when woken, or after the longest wait: nothing then.
    public Task<Woken> WaitAsync(string channel, TimeSpan longest, CancellationToken ct) => Of(channel).WaitAsync(longest, ct);

    /// For who works the critical lane alone; from then on nobody else of the channel is woken for it.
    public Task<Woken> WaitForCriticalAsync(string channel, TimeSpan longest, CancellationToken ct) =>
        express.GetOrAdd(channel, static _ => new Signal(new SemaphoreSlim(0))).WaitAsync(longest, ct);

    public void WakeAll()
    {
        foreach (var channel in channels.Keys.Union(express.Keys)) Wake(channel);
    }

    private Signal Of(string channel) => channels.GetOrAdd(channel, static _ => new Signal(new SemaphoreSlim(0)));

    private sealed class Signal(SemaphoreSlim waiting)
    {
        private int given;

        public void Give(Woken what)
        {
            // Only the first since the last look lets the worker go; the others merely add what they know.
            if (Interlocked.Or(ref given, (int)what) == 0) waiting.Release();
        }

        public async Task<Woken> WaitAsync(TimeSpan longest, CancellationToken ct)
        {
            await waiting.WaitAsync(longest, ct);
            return (Woken)Interlocked.Exchange(ref given, 0);
        }
    }
}
