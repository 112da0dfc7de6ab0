using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using NotificationServer.Platform.Health;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// When each loop of this node last had a turn that went well. Held, or with all slots in use, a loop has its turns: that is how it should be.
internal sealed class ClaimPulse(IOptions<HealthOptions> health, IOptions<QueueOptions> queue, TimeProvider clock) : IReadinessCheck
{
    private readonly ConcurrentDictionary<string, long?> turns = new(StringComparer.Ordinal);

    public string Name => "workers";

    /// For one loop, which is waited for from now on: to be called after each turn.
    public Action Of(string loop)
    {
        turns[loop] = null;
        return () => turns[loop] = clock.GetTimestamp();
    }

    public Task<ReadinessResult> AskAsync(CancellationToken ct) => Task.FromResult(Judge());

    private ReadinessResult Judge()
    {
        // An idle loop has a turn a poll, give or take a fifth.
        var longest = health.Value.WorkersWithin + (queue.Value.Poll * 1.2);
        var last = turns.Values;
        if (last.Count == 0 || last.Any(at => at is null)) return ReadinessResult.Wrong("starting");
        return last.All(at => clock.GetElapsedTime(at!.Value) < longest) // looked at above
            ? ReadinessResult.Fine("claiming")
            : ReadinessResult.Wrong("stalled");
    }
}
