using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// The sends that a channel may have in flight on this node. Each lane has a share that the others never take: a bulk backlog
/// cannot delay a sign-in code, and bulk itself never stands still for ever.
internal sealed class Slots(int total)
{
    private static readonly Lane[] Lanes = [Lane.Critical, Lane.Transactional, Lane.Bulk];

    private readonly Lock gate = new();
    private readonly int[] kept = [Math.Max(1, total / 10), Math.Max(1, total / 10), Math.Max(1, total / 20)];
    private readonly int[] used = new int[Lanes.Length];
    private TaskCompletionSource? drained;

    public int Total => total;

    public int InUse
    {
        get
        {
            lock (gate) return used.Sum();
        }
    }

    public LaneLimits Limits()
    {
        lock (gate)
        {
            var free = total - used.Sum();
            int For(Lane lane) => Math.Max(0, free - Lanes.Where(other => other != lane).Sum(Unused));
            return new LaneLimits(free, For(Lane.Critical), For(Lane.Transactional), For(Lane.Bulk), Unused(Lane.Bulk));
        }
    }

    public void Take(Lane lane)
    {
        lock (gate) used[(int)lane]++;
    }

    /// Returns how many are free now.
    public int Release(Lane lane)
    {
        lock (gate)
        {
            used[(int)lane]--;
            var inUse = used.Sum();
            if (inUse == 0) drained?.TrySetResult();
            return total - inUse;
        }
    }

    /// Completes when nothing is in flight any more. Nothing is taken after this is called.
    public Task DrainAsync()
    {
        lock (gate)
        {
            drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (used.Sum() == 0) drained.SetResult();
            return drained.Task;
        }
    }

    private int Unused(Lane lane) => Math.Max(0, kept[(int)lane] - used[(int)lane]);
}
