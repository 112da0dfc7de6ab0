using System.Diagnostics;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Queue;

namespace NotificationServer.Benchmarks.Measures;

/// The same backlog with one node and with two, each a process of its own with the counting provider: whether they get in each
/// other's way. Where database and nodes share two cores, no more than that can be seen.
internal sealed class TwoNodes : IMeasure
{
    public string Name => "two_nodes";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        var count = rig.Size(200_000);
        report.AddRate(Metrics.DrainOneNode, count, await DrainAsync(rig, 1, count, ct));
        report.AddRate(Metrics.DrainTwoNodes, count, await DrainAsync(rig, 2, count, ct));
    }

    private static async Task<TimeSpan> DrainAsync(Rig rig, int nodes, int count, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync($"nodes_{nodes}", ct);
        await Load.StoreAsync(arena, rig.Size(10_000) * nodes, finished: false, ct);
        await using var first = await ServerNode.StartCountingAsync(arena, ct);
        await using var second = nodes > 1 ? await ServerNode.StartCountingAsync(arena, ct) : null;
        await Load.ReleaseAsync(arena, Lane.Transactional, ct);
        await arena.UntilDrainedAsync(ct);

        await Load.StoreAsync(arena, count, finished: false, ct);
        await arena.ExecuteAsync("analyze notifications, messages", null, ct);
        await Load.ReleaseAsync(arena, Lane.Transactional, ct);
        // The nodes look for themselves once a second; the first claim starts the clock, as elsewhere the first call.
        while (!await arena.AskAsync<bool>(Sql.Claimed, ct)) await Task.Delay(5, ct);
        var started = Stopwatch.GetTimestamp();
        await arena.UntilDrainedAsync(ct);
        return Stopwatch.GetElapsedTime(started);
    }

    internal static class Sql
    {
        public const string Claimed = "select exists (select from jobs where state = 1)";
    }
}
