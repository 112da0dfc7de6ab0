using System.Diagnostics;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Channels;
using NotificationServer.Notifications;

namespace NotificationServer.Benchmarks.Measures;

/// The intake without HTTP: batches of 500 through the writer, on two connections, as its queue makes them under load.
internal sealed class IntakeInProcess : IMeasure
{
    private const int Callers = 2;
    private const int Batch = 500;

    public string Name => "intake_inprocess";

    public async Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        await using var arena = await rig.ArenaAsync("inprocess", ct);
        await using var node = await LocalNode.StartAsync(arena.ConnectionString, delivers: false, TimeSpan.Zero, ct);
        await StoreAsync(node, rig.Size(10_000), "warm", ct);
        var count = rig.Size(100_000);
        report.AddRate(Metrics.IntakeInProcess, count, await StoreAsync(node, count, "batch", ct));
    }

    private static async Task<TimeSpan> StoreAsync(LocalNode node, int count, string name, CancellationToken ct)
    {
        var (writer, client, next) = (node.Get<IntakeWriter>(), Guid.CreateVersion7(), -Batch);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int first; (first = Interlocked.Add(ref next, Batch)) < count;)
            {
                var requests = Enumerable.Range(first, Math.Min(Batch, count - first))
                    .Select(n => Load.Request(client, Crowd.User(n), $"{name}:{n}", ChannelNames.All[n % 5], sendAt: null)).ToList();
                var results = await writer.StoreAsync(requests, ct);
                if (results.Any(result => result.Status != IntakeStatus.Accepted)) throw new InvalidOperationException("Not accepted");
            }
        }, ct)));
        return Stopwatch.GetElapsedTime(started);
    }
}
