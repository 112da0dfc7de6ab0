using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// The sends that a channel may have in flight on this node. Each lane has a share that the others never take: a bulk backlog
/// cannot delay a sign-in code, and bulk itself never stands still for ever. Two loops claim, one of them for the critical lane alone: what
/// is free is offered to both, so for the moment of a claim the total may be exceeded by what critical may take.
internal sealed class Slots(int total)
{
    private readonly Lock gate = new();
    private readonly int[] kept = [Math.Max(1, total / 10), Math.Max(1, total / 10), Math.Max(1, total / 20)];
    private readonly int[] used = new int[3];
    private TaskCompletionSource? drained;

    public int Total => total;

    /// Below this much room for a single lane a claim costs more than it brings.
    public int WorthAClaim => Math.Max(1, total / 8);

    /// A figure for people: it may be a moment old.
    public int InUse => used[0] + used[1] + used[2];

    public LaneLimits OfCritical()
    {
        lock (gate)
        {
            var most = Math.Max(0, total - InUse - Unused(Lane.Transactional) - Unused(Lane.Bulk));
            return new LaneLimits(most, most, 0, 0, KeptForBulk: 0);
        }
    }

    public LaneLimits OfTheOthers()
    {
        lock (gate)
        {
            var free = Math.Max(0, total - InUse - Unused(Lane.Critical));
            var (transactional, bulk) = (Unused(Lane.Transactional), Unused(Lane.Bulk));
            return new LaneLimits(free, 0, Math.Max(0, free - bulk), Math.Max(0, free - transactional), bulk);
        }
    }

    public void Take(Lane lane)
    {
        lock (gate) used[(int)lane]++;
    }

    public void Release(Lane lane)
    {
        lock (gate)
        {
            used[(int)lane]--;
            if (InUse == 0) drained?.TrySetResult();
        }
    }

    /// Completes when nothing is in flight any more. Nothing is taken after this is called.
    public Task DrainAsync()
    {
        lock (gate)
        {
            drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (InUse == 0) drained.SetResult();
            return drained.Task;
        }
    }

    private int Unused(Lane lane) => Math.Max(0, kept[(int)lane] - used[(int)lane]);
}
