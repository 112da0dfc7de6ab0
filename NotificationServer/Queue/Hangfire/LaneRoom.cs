using Hangfire.Storage;

namespace NotificationServer.Queue.Hangfire;

/// How many of a channel's workers each lane may have: a share of them is kept for every lane, so that no bulk backlog delays a
/// sign-in code, and bulk itself never stands still.
internal sealed class LaneRoom(int total)
{
    private readonly Lock gate = new();
    private readonly int[] kept = [Math.Max(1, total / 10), Math.Max(1, total / 10), Math.Max(1, total / 20)];
    private readonly int[] used = new int[3];
    private bool isShort;

    public int Total => total;

    /// A figure for people: it may be a moment old.
    public int InUse => used[0] + used[1] + used[2];

    public bool HasRoomFor(Lane lane)
    {
        lock (gate)
        {
            var keptForOthers = 0;
            for (var other = 0; other < used.Length; other++)
                if (other != (int)lane) keptForOthers += Math.Max(0, kept[other] - used[other]);
            var has = total - InUse - keptForOthers > 0;
            isShort |= !has;
            return has;
        }
    }

    public void Take(Lane lane)
    {
        lock (gate) used[(int)lane]++;
    }

    /// Whether a lane was refused since the last release: somebody may wait for this room.
    public bool Release(Lane lane)
    {
        lock (gate)
        {
            used[(int)lane]--;
            (var wasShort, isShort) = (isShort, false);
            return wasShort;
        }
    }
}

/// A fetched job that gives its room back when its worker is done with it.
internal sealed class HeldFetch(IFetchedJob inner, Action release) : IFetchedJob
{
    private Action? release = release;

    public string JobId => inner.JobId;

    public void RemoveFromQueue() => inner.RemoveFromQueue();

    public void Requeue() => inner.Requeue();

    public void Dispose()
    {
        inner.Dispose();
        Interlocked.Exchange(ref release, null)?.Invoke();
    }
}
