using System.Diagnostics;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Queue;

namespace NotificationServer.Benchmarks.Measures;

/// Queued messages of five channels through one node, a process of its own, over HTTP/1.1, HTTP/2 and TLS to the simulated
/// providers, which share this process and these processors.
internal sealed class DrainHttp : IMeasure
{
    public string Name => "drain_http";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync(Name, ct);
        await using var providers = await Providers.StartAsync(rig, TimeSpan.Zero, ct);
        await Load.StoreAsync(arena, rig.Size(10_000), finished: false, ct);
        await using var node = await ServerNode.StartAsync(arena, providers.ServerConfiguration, ct);
        await Load.ReleaseAsync(arena, Lane.Transactional, ct);
        await arena.UntilDrainedAsync(ct);

        var count = rig.Size(100_000);
        await Load.StoreAsync(arena, count, finished: false, ct);
        await arena.ExecuteAsync("analyze notifications, messages", null, ct);
        var (before, cpu) = (providers.Accepted(), node.Cpu);
        await Load.ReleaseAsync(arena, Lane.Transactional, ct);
        while (providers.Accepted() == before) await Task.Delay(1, ct);
        var started = Stopwatch.GetTimestamp();
        while (providers.Accepted() - before < count) await Task.Delay(5, ct);
        await arena.UntilDrainedAsync(ct);
        report.AddRate(Metrics.DrainHttp, count, Stopwatch.GetElapsedTime(started));
        report.Add(Metrics.CpuDrainHttp, (node.Cpu - cpu).TotalMicroseconds / count, "us");
        report.Add(Metrics.Memory, Math.Max(node.PeakMemory, report.Of(Metrics.Memory) ?? 0), "MB");
    }
}
