using System.Diagnostics;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Queue;

namespace NotificationServer.Benchmarks.Measures;

/// Queued messages of five channels through one node in this process, to a provider that answers at once or after a while. From the
/// first call after all became due in one commit, to the last job gone.
internal sealed class DrainLocal(string name, string metric, int messages, TimeSpan latency, int history = 0) : IMeasure
{
    public string Name => name;

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync(name, ct);
        if (history > 0) await RememberAsync(arena, ct);
        await Load.StoreAsync(arena, rig.Size(Math.Min(10_000, messages / 10)), finished: false, ct);
        await using var node = await LocalNode.StartAsync(arena.ConnectionString, delivers: true, latency, ct);
        await Load.ReleaseAsync(arena, Lane.Transactional, ct);
        await arena.UntilDrainedAsync(ct);

        var count = rig.Size(messages);
        await Load.StoreAsync(arena, count, finished: false, ct);
        await arena.ExecuteAsync("analyze notifications, messages", null, ct);
        var before = node.Provider.Calls;
        var wal = await arena.WalAsync(ct);
        await Load.ReleaseAsync(arena, Lane.Transactional, ct);
        var released = await arena.WalAsync(ct) - wal;
        var (took, calls) = await DrainAsync(arena, node, before, count, ct);
        report.AddRate(metric, count, took);
        if (calls != count) Console.WriteLine($"  {calls} calls for {count} messages");
        // The jobs' own insertion is intake's, and counted there.
        if (metric == Metrics.DrainInProcess)
            report.Add(Metrics.WalDrain, (await arena.WalAsync(ct) - wal - released) / (double)count, "bytes");
    }

    private static async Task<(TimeSpan Took, long Calls)> DrainAsync(Arena arena, LocalNode node, long before, int count, CancellationToken ct)
    {
        while (node.Provider.Calls == before) await Task.Delay(1, ct);
        var started = Stopwatch.GetTimestamp();
        while (node.Provider.Calls - before < count) await Task.Delay(5, ct);
        await arena.UntilDrainedAsync(ct);
        return (Stopwatch.GetElapsedTime(started), node.Provider.Calls - before);
    }

    private async Task RememberAsync(Arena arena, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        await Load.StoreAsync(arena, arena.Rig.Size(history), finished: true, ct);
        await arena.ExecuteAsync("analyze notifications, messages, attempts", null, ct);
        Console.WriteLine($"  stored {arena.Rig.Size(history):#,0} finished messages in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
    }
}
