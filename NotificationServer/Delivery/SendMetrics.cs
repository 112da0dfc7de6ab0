using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using NotificationServer.Channels;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Queue;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace NotificationServer.Delivery;

/// What becomes of messages on this node. The labels are made once each and found again: nothing is allocated a message.
internal sealed class SendMetrics
{
    private readonly record struct Call(Channel Channel, string Account, SendStatus Outcome);

    private readonly record struct End(string Channel, Lane Lane, MessageStatus Status);

    private readonly record struct Place(string Channel, Lane Lane);

    private readonly ConcurrentDictionary<Call, Tag[]> calls = new();
    private readonly ConcurrentDictionary<End, Tag[]> ends = new();
    private readonly ConcurrentDictionary<Place, Tag[]> places = new();
    private readonly Histogram<double> callTimes, waits;
    private readonly Counter<long> ended, retries, possible, known, leases;
    private readonly NodeLoad load;

    public SendMetrics(IMeterFactory meters, NodeLoad load)
    {
        this.load = load;
        var ours = meters.Ours();
        callTimes = ours.CreateHistogram("notifications.provider.call.duration", "s", "Calls of provider accounts, by how they ended.", null, Meters.Times);
        waits = ours.CreateHistogram("notifications.queue.wait", "s", "From when a message was due to when a worker took it; once for each time that it is taken.", null, Meters.Waits);
        ended = ours.CreateCounter<long>("notifications.messages.ended", "{message}", "Messages that came to an end on this node, by where they ended.");
        retries = ours.CreateCounter<long>("notifications.messages.retried", "{message}", "Attempts that failed and are made again later.");
        possible = ours.CreateCounter<long>("notifications.duplicates.possible", "{message}", "Messages that were sent after an attempt of which nobody knows how it ended.");
        known = ours.CreateCounter<long>("notifications.duplicates.known", "{message}", "Messages that a provider is known to have accepted more than once.");
        leases = ours.CreateCounter<long>("notifications.leases.lost", "{message}", "Results of messages that were no longer this node's when they were written.");
        ours.CreateObservableGauge<int>("notifications.slots.used", () => Slots(now => now.InFlight), "{message}", "Sends under way on this node.");
        ours.CreateObservableGauge<int>("notifications.slots.total", () => Slots(now => now.Slots), "{message}", "Sends that may be under way on this node at the same time.");
    }

    public void Taken(Job job)
    {
        if (!waits.Enabled || job.DueAt is not { } due) return;
        waits.Record(Math.Max(0, (job.ClaimedAt - due).TotalSeconds), TagsOf(new Place(job.Channel, job.Lane)).AsSpan());
    }

    public void Called(Channel channel, string account, SendStatus outcome, long started, long finished)
    {
        if (!callTimes.Enabled) return;
        var key = new Call(channel, account, outcome);
        if (!calls.TryGetValue(key, out var tags))
            tags = calls.GetOrAdd(key, static one => [new("channel", one.Channel.Name()), new("provider", one.Account), new("outcome", one.Outcome.Name())]);
        callTimes.Record(Stopwatch.GetElapsedTime(started, finished).TotalSeconds, tags.AsSpan());
    }

    public void Written(List<JobResult> results, int lost)
    {
        if (lost > 0) leases.Add(lost);
        if (!ended.Enabled) return;
        foreach (var result in results)
        {
            if (result.End is not { } status)
            {
                if (result.Counts) retries.Add(1, TagsOf(new Place(result.Job.Channel, result.Job.Lane)).AsSpan());
                continue;
            }
            var key = new End(result.Job.Channel, result.Job.Lane, status);
            if (!ends.TryGetValue(key, out var tags))
                tags = ends.GetOrAdd(key, static one => [new("channel", one.Channel), new("lane", Word(one.Lane)), new("status", one.Status.Name())]);
            ended.Add(1, tags.AsSpan());
        }
    }

    public void SentAfterUnknown(int messages) => possible.Add(messages);

    public void SentTwice(int messages) => known.Add(messages);

    public static string Word(Lane lane) => lane switch { Lane.Critical => "critical", Lane.Transactional => "transactional", Lane.Bulk => "bulk" };

    private Tag[] TagsOf(Place place) =>
        places.TryGetValue(place, out var tags) ? tags : places.GetOrAdd(place, static one => [new("channel", one.Channel), new("lane", Word(one.Lane))]);

    private IEnumerable<Measurement<int>> Slots(Func<NodeLoad.Channel, int> of) => load.Now().Select(one => new Measurement<int>(of(one.Value), new Tag("channel", one.Key)));
}
