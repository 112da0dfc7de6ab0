using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Simulator;

namespace NotificationServer.Benchmarks.Measures;

/// Sends codes by SMS at a steady pace, each to a number of its own, and times each from its 202 to its call of the provider.
internal static class PacedSends
{
    private const int Connections = 16;

    private static int runs;

    public static async Task<Times> RunAsync(
        Rig rig, ServerNode node, SimulatorHost providers, int count, int perSecond, string name, CancellationToken ct)
    {
        var (run, clock) = (Interlocked.Increment(ref runs), TimeProvider.System);
        var answered = new ConcurrentDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var (next, start) = (-1, clock.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using var client = await LeanClient.ConnectAsync(node.Address, "/v1/notifications", rig.ApiKey, ct);
            for (int n; (n = Interlocked.Increment(ref next)) < count;)
            {
                // By the timetable, not after the answer before: a slow answer must not thin out the load.
                var wait = TimeSpan.FromSeconds((double)n / perSecond) - clock.GetElapsedTime(start);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, ct);
                var phone = string.Create(CultureInfo.InvariantCulture, $"+1556{run:00}{n:00000}");
                var status = await client.PostAsync(Body(name, run, n, phone), ct);
                answered[phone] = clock.GetUtcNow();
                if (status != 202) throw new InvalidOperationException($"Answered {status}: {client.LastAnswer}");
            }
        }));
        return await ArrivalsAsync(providers, answered, ct);
    }

    /// The ledger's clock is this process's own, as is the one that the answers were dated with.
    private static async Task<Times> ArrivalsAsync(SimulatorHost providers, ConcurrentDictionary<string, DateTimeOffset> answered, CancellationToken ct)
    {
        var times = new Times(answered.Count);
        using var file = new StreamReader(new FileStream(providers.LedgerFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (!answered.IsEmpty)
        {
            if (await file.ReadLineAsync(ct) is not { } line)
            {
                await Task.Delay(20, ct);
                continue;
            }
            if (!line.Contains("\"+1556", StringComparison.Ordinal) || !line.EndsWith('}')) continue;
            using var entry = JsonDocument.Parse(line);
            if (!answered.TryRemove(entry.RootElement.GetProperty("to").GetString() ?? "", out var at)) continue;
            // The worker may well be faster than the answer is on its way to the caller: that is no time at all.
            var late = entry.RootElement.GetProperty("at").GetDateTimeOffset() - at;
            times.Add(late > TimeSpan.Zero ? late : TimeSpan.Zero);
        }
        return times;
    }

    private static string Body(string name, int run, int n, string phone) =>
        $$$"""{"event_id":"{{{name}}}:{{{run}}}:{{{n}}}","to":[{"phone":"{{{phone}}}"}],"channels":["sms"],"category":"security","content":{"text":"Your code is 493018"}}""";
}
