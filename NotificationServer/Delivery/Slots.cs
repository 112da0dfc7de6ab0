using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// The sends that a channel may have in flight on this node. Each lane has a share that the others never take: a bulk backlog
/// cannot delay a sign-in code, and bulk itself never stands still for ever.
internal sealed class Slots(int total)
{
    private readonly Lock gate = new();
    private readonly int[] kept = [Math.Max(1, total / 10), Math.Max(1, total / 10), Math.Max(1, total / 20)];
    private readonly int[] used = new int[3];
    private TaskCompletionSource? drained;

    public LaneLimits Limits()
    {
        lock (gate)
        {
            return LimitsNow();
        }
    }

    public void Take(Lane lane)
    {
        lock (gate) used[(int)lane]++;
    }

    /// Returns how many a single lane could take now.
    public int Release(Lane lane)
    {
        lock (gate)
        {
            used[(int)lane]--;
            if (InUse == 0) drained?.TrySetResult();
            return LimitsNow().Most;
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

    private int InUse => used[0] + used[1] + used[2];

    private LaneLimits LimitsNow()
    {
        var free = total - InUse;
        var (critical, transactional, bulk) = (Unused(Lane.Critical), Unused(Lane.Transactional), Unused(Lane.Bulk));
        return new LaneLimits(
            free, Math.Max(0, free - transactional - bulk), Math.Max(0, free - critical - bulk), Math.Max(0, free - critical - transactional), bulk);
    }

    private int Unused(Lane lane) => Math.Max(0, kept[(int)lane] - used[(int)lane]);
}
