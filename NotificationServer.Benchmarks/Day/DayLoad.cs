using System.Diagnostics;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Day;

/// The services and the two campaigns of a day, over the API, by the timetable.
internal sealed class DayLoad(DayPlan plan, Rig rig, ServerNode node)
{
    private const int Connections = 48;
    private const int Callers = 2;
    private const int Batch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Times[] answers = [.. Enumerable.Range(0, DayPlan.Hours).Select(_ => new Times(plan.Messages))];
    private int accepted, askedAgain;

    public int Accepted => accepted;
    /// 503 and 429, each of which was asked again.
    public int AskedAgain => askedAgain;
    /// From when it was due to its 202, of what services sent one by one.
    public IReadOnlyList<Times> Answers => answers;

    public async Task RunAsync(CancellationToken ct)
    {
        var midnight = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            SinglesAsync(midnight, ct),
            CampaignAsync("morning", null, DayPlan.PushCampaignAt, plan.PushCampaignSize, midnight, ct),
            CampaignAsync("evening", "email", DayPlan.MailCampaignAt, plan.MailCampaignSize, midnight, ct));
    }

    private Task SinglesAsync(long midnight, CancellationToken ct)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var client = await LeanClient.ConnectAsync(node.Address, "/v1/notifications", rig.ApiKey, ct);
            for (int n; (n = Interlocked.Increment(ref next)) < plan.Steady;)
            {
                var due = plan.Due(n);
                var wait = due - Stopwatch.GetElapsedTime(midnight);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, ct);
                var since = wait > TimeSpan.Zero ? Stopwatch.GetElapsedTime(midnight) : due;
                await PostAsync(client, DayMix.Single(n), ct);
                Interlocked.Increment(ref accepted);
                answers[Math.Min(DayPlan.Hours - 1, (int)(due / plan.Hour))].Add(Stopwatch.GetElapsedTime(midnight) - since);
            }
        }, ct)));
    }

    /// As fast as it is taken in.
    private async Task CampaignAsync(string name, string? channel, int hour, int size, long midnight, CancellationToken ct)
    {
        var wait = (plan.Hour * hour) - Stopwatch.GetElapsedTime(midnight);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, ct);
        var next = -Batch;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            using var client = await LeanClient.ConnectAsync(node.Address, "/v1/notifications:batch", rig.ApiKey, ct);
            for (int first; (first = Interlocked.Add(ref next, Batch)) < size;)
            {
                var count = Math.Min(Batch, size - first);
                await PostAsync(client, DayMix.Batch(name, channel, first, count), ct);
                if (client.CountInAnswer("\"status\":202") != count) throw new InvalidOperationException($"Not all of a batch was accepted: {client.LastAnswer[..1000]}");
                Interlocked.Add(ref accepted, count);
            }
        }, ct)));
    }

    private async Task PostAsync(LeanClient client, string body, CancellationToken ct)
    {
        for (int status; (status = await client.PostAsync(body, ct)) != 202; await Task.Delay(Pause, ct))
        {
            if (status is not (200 or 429 or 503)) throw new InvalidOperationException($"Answered {status}: {client.LastAnswer}");
            if (status == 200) return;
            Interlocked.Increment(ref askedAgain);
        }
    }
}
