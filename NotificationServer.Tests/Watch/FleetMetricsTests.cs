using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform.Restores;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Queue;
using NotificationServer.Watch;

namespace NotificationServer.Tests.Watch;

/// What others scale by.
public sealed class FleetMetricsTests : IDisposable
{
    private static readonly Fleet Stuck = new()
    {
        Now = DateTimeOffset.UnixEpoch, Lanes = [Lane("sms"), Lane("email")], Lately = [], Gates = [], Nodes = [], Alerts = [], Missing = [], Held = [],
        BooksAge = 50, OldestTransaction = 1, Quarantined = 0, WebhooksWaiting = 0,
    };

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricBook book;
    private readonly FleetMetrics metrics;

    public FleetMetricsTests()
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        book = new MetricBook(meters, NullLogger<MetricBook>.Instance);
        book.Begin();
        metrics = new FleetMetrics(meters, TimeProvider.System);
    }

    public void Dispose()
    {
        book.Dispose();
        services.Dispose();
    }

    [Fact]
    public void What_somebody_holds_asks_for_no_workers()
    {
        Assert.Equal([("email", 86_400), ("sms", 86_400)], DrainTimes(Stuck));
        Assert.Equal([("email", 86_400), ("sms", 0)], DrainTimes(Stuck with { Held = ["sms"] }));
        Assert.Equal([("email", 0), ("sms", 0)], DrainTimes(Stuck with { Sending = new HeldSending { HeldAt = DateTimeOffset.UnixEpoch, HeldBy = "n1", Doubt = "older", Evidence = "{}" } }));
    }

    private IEnumerable<(string, int)> DrainTimes(Fleet fleet)
    {
        metrics.Show(fleet);
        const string name = "notifications_queue_drain_time_seconds{channel=\"";
        return book.Read(openMetrics: false).Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(line => line[name.Length..].Split("\"} "))
            .Select(said => (said[0], int.Parse(said[1], System.Globalization.CultureInfo.InvariantCulture))).Order();
    }

    private static LaneFigures Lane(string channel) => new()
    {
        Channel = channel, Lane = NotificationServer.Queue.Lane.Bulk, Ready = 5, Scheduled = 0, Leased = 0, Retrying = 0, Failed = 0, OldestReadySeconds = 60, RateIn = 0, RateOut = 0, Estimated = false,
    };
}
