using System.Globalization;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Measures;

/// Single transactional sends at a steady pace, each timed from when it was due to its 202.
internal static class PacedAnswers
{
    private const int Connections = 16;

    private static int runs;

    public static async Task<Times> RunAsync(Rig rig, ServerNode node, int count, int perSecond, CancellationToken ct)
    {
        var run = Interlocked.Increment(ref runs);
        var (next, clock, times) = (-1, TimeProvider.System, new Times(count));
        var start = clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using var client = await LeanClient.ConnectAsync(node.Address, "/v1/notifications", rig.ApiKey, ct);
            for (int n; (n = Interlocked.Increment(ref next)) < count;)
            {
                // By the timetable: a slow answer must not thin out the load, and whoever had to wait for it waited.
                var due = TimeSpan.FromSeconds((double)n / perSecond);
                var wait = due - clock.GetElapsedTime(start);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, ct);
                var late = wait > TimeSpan.Zero ? clock.GetElapsedTime(start) : due;
                var status = await client.PostAsync(Body(run, n), ct);
                if (status != 202) throw new InvalidOperationException($"Answered {status}: {client.LastAnswer}");
                times.Add(clock.GetElapsedTime(start) - late);
            }
        }));
        return times;
    }

    private static string Body(int run, int n) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"event_id":"answer:{{{run}}}:{{{n}}}","to":[{"phone":"+1557{{{run:00}}}{{{n:00000}}}"}],"channels":["sms"],"category":"account","content":{"text":"Your parcel is on its way"}}""");
}
