using System.Collections.Concurrent;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// The jobs that this node works on, from the claim until their result is stored, and since when each lease surely runs.
internal sealed class HeldJobs
{
    private readonly ConcurrentDictionary<(Guid Id, int Attempt), Held> held = new();

    internal readonly record struct Held(Job Job, long LeasedFrom);

    public void Add(Job job) => held[(job.Id, job.Attempt)] = new Held(job, job.ClaimStarted);

    public void Remove(Job job) => held.TryRemove((job.Id, job.Attempt), out _);

    public IReadOnlyCollection<Held> All => [.. held.Values];

    /// Null: it is not ours any more, and nothing may be started for it.
    public long? LeasedFrom(Job job) => held.TryGetValue((job.Id, job.Attempt), out var found) ? found.LeasedFrom : null;

    public void Renewed(Job job, long from)
    {
        if (held.TryGetValue((job.Id, job.Attempt), out var old)) held.TryUpdate((job.Id, job.Attempt), old with { LeasedFrom = from }, old);
    }
}
