using System.Collections.Concurrent;

namespace NotificationServer.Simulator.Faults;

/// The faults in force, one a provider.
internal sealed class FaultBoard
{
    private readonly ConcurrentDictionary<string, Active> active = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> struckOnce = new(StringComparer.Ordinal);

    private sealed class Active(Fault fault)
    {
        private int left = fault.Count ?? int.MaxValue;

        public Fault Fault => fault;
        public TaskCompletionSource Cleared { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int? Left => fault.Count is null ? null : Math.Max(0, Volatile.Read(ref left));

        public bool Strikes() =>
            (fault.Probability >= 1 || Random.Shared.NextDouble() < fault.Probability)
            && (fault.Count is null || Interlocked.Decrement(ref left) >= 0);
    }

    /// A fault that strikes, and the moment when whoever set it took it back.
    internal readonly record struct Struck(Fault Fault, Task Cleared);

    public void Set(string provider, Fault fault)
    {
        Clear(provider);
        active[provider] = new Active(fault);
    }

    public void Clear(string provider)
    {
        if (active.TryRemove(provider, out var gone)) gone.Cleared.TrySetResult();
    }

    public void ClearAll()
    {
        foreach (var provider in active.Keys) Clear(provider);
    }

    /// Every fault with the number of requests it will still strike (null: no limit).
    public IReadOnlyDictionary<string, (Fault Fault, int? Left)> Snapshot() =>
        active.ToDictionary(pair => pair.Key, pair => (pair.Value.Fault, pair.Value.Left));

    /// The recipient's own fault comes before the provider's.
    public Struck? Take(string provider, Fault? magic, string recipient)
    {
        if (magic is not null && (!magic.OncePerRecipient || struckOnce.TryAdd($"{provider} {recipient}", true)))
        {
            return new Struck(magic, Task.CompletedTask);
        }

        return active.TryGetValue(provider, out var fault) && fault.Strikes()
            ? new Struck(fault.Fault, fault.Cleared.Task)
            : null;
    }
}
