using System.Diagnostics;
using System.Text;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Measures;

/// A thousand notifications a call over HTTP, from a few callers at a time. Scheduled for later, as the single ones are.
internal sealed class IntakeBatch : IMeasure
{
    private const int Callers = 4;
    private const int Batch = 1000;

    public string Name => "intake_batch";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync("batch", ct);
        await using var node = await ServerNode.StartAsync(arena, null, ct);
        await PostAsync(rig, node, rig.Size(400_000), "warm", ct);
        var (wal, cpu, count) = (await arena.WalAsync(ct), node.Cpu, rig.Size(200_000));
        report.AddRate(Metrics.IntakeBatch, count, await PostAsync(rig, node, count, "batch", ct));
        report.Add(Metrics.CpuIntakeBatch, (node.Cpu - cpu).TotalMicroseconds / count, "us");
        report.Add(Metrics.WalIntake, (await arena.WalAsync(ct) - wal) / (double)count, "bytes");
        report.Add(Metrics.Memory, Math.Max(node.PeakMemory, report.Of(Metrics.Memory) ?? 0), "MB");
    }

    private static async Task<TimeSpan> PostAsync(Rig rig, ServerNode node, int count, string name, CancellationToken ct)
    {
        var next = -Batch;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            using var client = await LeanClient.ConnectAsync(node.Address, "/v1/notifications:batch", rig.ApiKey, ct);
            for (int first; (first = Interlocked.Add(ref next, Batch)) < count;)
            {
                var status = await client.PostAsync(Body(name, first, Math.Min(Batch, count - first)), ct);
                var accepted = client.CountInAnswer("\"status\":202");
                if (status != 202 || accepted != Math.Min(Batch, count - first))
                    throw new InvalidOperationException($"Answered {status}, accepted {accepted}: {client.LastAnswer[..1000]}");
            }
        }, ct)));
        return Stopwatch.GetElapsedTime(started);
    }

    private static string Body(string name, int first, int size)
    {
        var body = new StringBuilder("""{"items":[""");
        for (var n = first; n < first + size; n++) body.Append(n == first ? "" : ",").Append(IntakeSingle.Body(name, n));
        return body.Append("]}").ToString();
    }
}
