using System.Diagnostics.Metrics;
using NotificationServer.Delivery;
using NotificationServer.Delivery.Gates;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Queue;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace NotificationServer.Watch;

/// The state of the whole system as figures. Every node that keeps house gives out the same: take the highest of them, not the sum.
internal sealed class FleetMetrics
{
    /// Older than this nothing is given out: no figure is better than one that stands still.
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);
    private const double Never = 86_400;
    private static readonly string[] Roles = ["api", "worker", "admin", "scheduler"];

    private readonly TimeProvider clock;
    private volatile Picture? last;

    private sealed record Picture(Fleet Fleet, long At);

    public FleetMetrics(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        var ours = meters.Ours();
        void Gauge(string name, string unit, string help, Func<Fleet, IEnumerable<Measurement<double>>> read) =>
            ours.CreateObservableGauge<double>($"notifications.{name}", () => Now is { } fleet ? read(fleet) : [], unit, help);

        Gauge("queue.messages", "{message}", "Messages in the queues, by state: ready, scheduled, sending, and dead letters.", fleet => fleet.Lanes.SelectMany(States));
        Gauge("queue.retrying", "{message}", "Of the ready and scheduled ones, those that failed before; counted up to 10,000 a lane.", fleet => fleet.Lanes.Select(lane => Of(lane, lane.Retrying)));
        Gauge("queue.oldest", "s", "How long the oldest ready message has been due.", fleet => fleet.Lanes.Select(lane => Of(lane, lane.OldestReadySeconds ?? 0)));
        Gauge("queue.rate.in", "{message}/s", "Messages that came into the queue a second, over the last minute.", fleet => fleet.Lanes.Select(lane => Of(lane, lane.RateIn)));
        Gauge("queue.rate.out", "{message}/s", "Messages that left the queue a second, over the last minute.", fleet => fleet.Lanes.Select(lane => Of(lane, lane.RateOut)));
        Gauge("queue.drain.time", "s", "How long what is ready takes at the pace of the last minute; a day where nothing goes out; 0 where somebody holds it. What to scale workers by.", fleet => fleet.Lanes.GroupBy(lane => lane.Channel).Select(channel => Drain(fleet, channel)));
        Gauge("failed.lately", "{message}", "Messages that ended as failed in the last 15 minutes.", fleet => fleet.Lately.Select(one => new Measurement<double>(one.Failed, new Tag("channel", one.Channel))));
        Gauge("ended.lately", "{message}", "Messages that left the queue in the last 15 minutes.", fleet => fleet.Lately.Select(one => new Measurement<double>(one.Ended, new Tag("channel", one.Channel))));
        Gauge("provider.breaker", "{state}", "The breaker of an account: 0 closed, 1 half open, 2 open. An account that never failed has none.", fleet => fleet.Gates.Select(gate => Of(gate, gate.Breaker switch { GateRow.Open => 2, GateRow.HalfOpen => 1, _ => 0 })));
        Gauge("provider.gate", "s", "For how long an account still wants not to be called.", fleet => fleet.Gates.Select(gate => Of(gate, Math.Max(0, ((gate.NotBefore ?? fleet.Now) - fleet.Now).TotalSeconds))));
        Gauge("nodes.alive", "{node}", "Nodes that have said in 15 s that they are alive, by role.", fleet => Roles.Select(role =>
            new Measurement<double>(fleet.Nodes.Count(node => node.Alive && node.RoleNames.Contains(role)), new Tag("role", role))));
        Gauge("nodes.silent", "{node}", "Nodes that fell silent without saying good-bye, in the last hour.", fleet => One(fleet.Nodes.Count(node => !node.Alive)));
        Gauge("leases.stuck", "{message}", "Messages whose lease has run out and that were not given back yet.", fleet => One(fleet.Nodes.Sum(node => node.Stuck)));
        Gauge("quarantined.lately", "{message}", "Messages that were set aside in the last hour, because nodes died with them.", fleet => One(fleet.Quarantined));
        Gauge("alerts.open", "{alert}", "Open alerts, by kind.", fleet => AlertRule.All.Select(rule => new Measurement<double>(fleet.Alerts.FirstOrDefault(open => open.Kind == rule.Kind)?.Count ?? 0, new Tag("kind", rule.Kind))));
        Gauge("balance.difference", "{message}", "Accepted less accounted for, when the books were last checked. Not 0 is an alert.", fleet => One(fleet.Alerts.Sum(open => open.Difference)));
        Gauge("balance.age", "s", "How long ago the books were last checked.", fleet => One(fleet.BooksAge));
        Gauge("partitions.missing", "{partition}", "Days of the log that have no table yet, up to five days ahead.", fleet => One(fleet.Missing.Count));
        Gauge("database.oldest_transaction", "s", "How long the oldest transaction has been open.", fleet => One(fleet.OldestTransaction));
        Gauge("webhooks.waiting", "{event}", "Events that wait to be told to webhooks; counted up to 10,000.", fleet => One(fleet.WebhooksWaiting));
    }

    public void Show(Fleet fleet) => last = new Picture(fleet, clock.GetTimestamp());

    private Fleet? Now => last is { } picture && clock.GetElapsedTime(picture.At) < GoodFor ? picture.Fleet : null;

    private static IEnumerable<Measurement<double>> States(LaneFigures lane) =>
        new[] { ("ready", lane.Ready), ("scheduled", lane.Scheduled), ("sending", lane.Leased), ("dead", lane.Failed) }
            .Select(one => new Measurement<double>(one.Item2, new Tag("channel", lane.Channel), new Tag("lane", SendMetrics.Word(lane.Lane)), new Tag("state", one.Item1)));

    /// What is held waits for a person: no worker more would send any of it.
    private static Measurement<double> Drain(Fleet fleet, IGrouping<string, LaneFigures> channel)
    {
        var (ready, rate) = (channel.Sum(lane => lane.Ready), channel.Sum(lane => lane.RateOut));
        return new Measurement<double>(ready == 0 || fleet.Sending is not null || fleet.Held.Contains(channel.Key) ? 0 : rate <= 0 ? Never : Math.Min(Never, ready / rate), new Tag("channel", channel.Key));
    }

    private static Measurement<double> Of(LaneFigures lane, double value) => new(value, new Tag("channel", lane.Channel), new Tag("lane", SendMetrics.Word(lane.Lane)));

    private static Measurement<double> Of(GateRow gate, double value) => new(value, new Tag("provider", gate.Account));

    private static IEnumerable<Measurement<double>> One(double value) => [new(value)];
}
