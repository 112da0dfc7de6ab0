using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Measures;

/// How long after its 202 a message is in the provider's hands, on a server with nothing else to do.
internal sealed class LatencyIdle : IMeasure
{
    public string Name => "latency";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync(Name, ct);
        await using var providers = await Providers.StartAsync(rig, TimeSpan.Zero, ct);
        await using var node = await ServerNode.StartAsync(arena, providers.ServerConfiguration, ct);
        await PacedSends.RunAsync(rig, node, providers, rig.Size(2000), perSecond: 200, "warm", ct);
        var times = await PacedSends.RunAsync(rig, node, providers, rig.Size(2000), perSecond: 100, "idle", ct);
        report.Add(Metrics.LatencyIdleP50, times.Percentile(50), "ms");
        report.Add(Metrics.LatencyIdleP99, times.Percentile(99), "ms");
        report.Add(Metrics.Memory, Math.Max(node.PeakMemory, report.Of(Metrics.Memory) ?? 0), "MB");
    }
}
