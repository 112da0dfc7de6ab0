using NotificationServer.Benchmarks.Parts;
using NotificationServer.Queue;

namespace NotificationServer.Benchmarks.Measures;

/// The same for sign-in codes while a campaign of a million messages drains through the same channels.
internal sealed class LatencyUnderBulk : IMeasure
{
    public string Name => "latency_bulk";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync(Name, ct);
        await using var providers = await Providers.StartAsync(rig, TimeSpan.Zero, ct);
        await Load.StoreAsync(arena, rig.Size(1_000_000), finished: false, ct);
        await arena.ExecuteAsync("analyze notifications, messages", null, ct);
        await using var node = await ServerNode.StartAsync(arena, providers.ServerConfiguration, ct);
        await PacedSends.RunAsync(rig, node, providers, 500, perSecond: 100, "warm", ct);

        await Load.ReleaseAsync(arena, Lane.Bulk, ct);
        var before = providers.Accepted();
        while (providers.Accepted() - before < 5000) await Task.Delay(10, ct);
        var times = await PacedSends.RunAsync(rig, node, providers, rig.Size(1500), perSecond: 50, "code", ct);
        if (!await arena.AskAsync<bool>(Sql.StillBulk, ct)) Console.WriteLine("  the campaign was over before the measurement");
        report.Add(Metrics.LatencyUnderBulkP50, times.Percentile(50), "ms");
        report.Add(Metrics.LatencyUnderBulkP99, times.Percentile(99), "ms");
        report.Add(Metrics.Memory, Math.Max(node.PeakMemory, report.Of(Metrics.Memory) ?? 0), "MB");
    }

    internal static class Sql
    {
        public const string StillBulk = "select exists (select from jobs where lane = 2)";
    }
}
