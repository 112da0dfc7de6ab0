using System.Diagnostics;
using System.Diagnostics.Metrics;
using NotificationServer.Platform.Telemetry;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace NotificationServer.Notifications;

/// How much comes in, and how many share a commit. A batch of requests is measured at once, never one by one.
internal sealed class IntakeMetrics
{
    private static readonly IntakeStatus[] Statuses = Enum.GetValues<IntakeStatus>();
    private static readonly Tag[][] Outcomes = Array.ConvertAll(Statuses, status => new Tag[] { new("outcome", Word(status)) });

    private readonly Histogram<int> sizes;
    private readonly Histogram<double> times;
    private readonly Counter<long> requests;

    public IntakeMetrics(IMeterFactory meters)
    {
        var ours = meters.Ours();
        sizes = ours.CreateHistogram("notifications.intake.batch.size", "{request}", "Requests that were stored by one commit.", null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000] });
        times = ours.CreateHistogram("notifications.intake.commit.duration", "s", "From the decision about a batch of requests to its commit.", null, Meters.Times);
        requests = ours.CreateCounter<long>("notifications.intake.requests", "{request}", "Notifications that were asked for, by what was answered.");
    }

    public void Stored(int size, long began)
    {
        if (size == 0) return;
        sizes.Record(size);
        times.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    public void Answered(IntakeStatus status) => requests.Add(1, Outcomes[(int)status].AsSpan());

    public void Answered(IEnumerable<IntakeStatus> all)
    {
        if (!requests.Enabled) return;
        Span<int> counts = stackalloc int[Statuses.Length];
        foreach (var status in all) counts[(int)status]++;
        for (var i = 0; i < counts.Length; i++)
            if (counts[i] > 0) requests.Add(counts[i], Outcomes[i].AsSpan());
    }

    private static string Word(IntakeStatus status) => status switch
    {
        IntakeStatus.Accepted => "accepted",
        IntakeStatus.Deduplicated => "deduplicated",
        IntakeStatus.Replayed => "replayed",
        IntakeStatus.EventIdReused => "event_id_reused",
        IntakeStatus.IdempotencyMismatch => "idempotency_mismatch",
        IntakeStatus.InProgress => "in_progress",
        IntakeStatus.Invalid => "invalid",
        IntakeStatus.QueueFull => "queue_full",
    };
}
