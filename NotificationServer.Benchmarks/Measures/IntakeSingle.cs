using System.Diagnostics;
using System.Globalization;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Measures;

/// Notifications one by one over HTTP, on keep-alive connections. They are scheduled for later, so that what is measured is the way
/// in and not, on the same processors, the way out.
internal sealed class IntakeSingle : IMeasure
{
    private const int Connections = 128;

    private static readonly string Later = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public string Name => "intake";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync("single", ct);
        await using var node = await ServerNode.StartAsync(arena, null, ct);
        await PostAsync(rig, node, rig.Size(80_000), "warm", ct);

        var (wal, cpu) = (await arena.WalAsync(ct), node.Cpu);
        var count = rig.Size(100_000);
        var run = await PostAsync(rig, node, count, "single", ct);
        report.AddRate(Metrics.IntakeSingle, count, run.Took);
        report.Add(Metrics.IntakeSingleP50, run.Times.Percentile(50), "ms");
        report.Add(Metrics.IntakeSingleP99, run.Times.Percentile(99), "ms");
        report.Add(Metrics.CpuIntake, (node.Cpu - cpu).TotalMicroseconds / count, "us");
        report.Add("wal_bytes_per_message_intake_single", (await arena.WalAsync(ct) - wal) / (double)count, "bytes");
        report.Add(Metrics.Memory, Math.Max(node.PeakMemory, report.Of(Metrics.Memory) ?? 0), "MB");
    }

    private static async Task<(TimeSpan Took, Times Times)> PostAsync(Rig rig, ServerNode node, int count, string name, CancellationToken ct)
    {
        var times = new Times(count);
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using var client = await LeanClient.ConnectAsync(node.Address, "/v1/notifications", rig.ApiKey, ct);
            for (int n; (n = Interlocked.Increment(ref next)) < count;)
            {
                var sent = Stopwatch.GetTimestamp();
                var status = await client.PostAsync(Body(name, n), ct);
                if (status != 202) throw new InvalidOperationException($"Answered {status}: {client.LastAnswer}");
                times.Add(Stopwatch.GetElapsedTime(sent));
            }
        }));
        return (Stopwatch.GetElapsedTime(started), times);
    }

    public static string Body(string name, int n) =>
        $$$"""{"event_id":"{{{name}}}:{{{n:0000000}}}","to":[{"user_id":"{{{Crowd.User(n)}}}"}],"channels":["{{{Rows.Channels[n % 5]}}}"],"send_at":"{{{Later}}}","content":{"title":"Order shipped","body":"It leaves today","text":"Your order leaves today.","subject":"Order shipped","html":"<p>Your order leaves <b>today</b>.</p>"}}""";
}
