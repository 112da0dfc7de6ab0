using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform.Telemetry;

namespace NotificationServer.Tests.Platform.Telemetry;

/// What Prometheus is given to read.
public sealed class MetricBookTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter meter;
    private readonly MetricBook book;

    public MetricBookTests()
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        meter = meters.Ours();
        book = new MetricBook(meters, NullLogger<MetricBook>.Instance);
        book.Begin();
    }

    public void Dispose()
    {
        book.Dispose();
        services.Dispose();
    }

    [Fact]
    public void A_counter_is_a_total_with_its_labels_and_its_words()
    {
        var sent = meter.CreateCounter<long>("shop.messages.sent", "{message}", "Messages that \\ left\nthe house.");
        sent.Add(3, new("channel", "sms"), new("note", "a \"b\" \\ c\nd"));
        sent.Add(2, new("channel", "sms"), new("note", "a \"b\" \\ c\nd"));
        sent.Add(1, new KeyValuePair<string, object?>("channel", "email"));

        var text = book.Read(openMetrics: false);

        Assert.Contains("# HELP shop_messages_sent_total Messages that \\\\ left\\nthe house.\n# TYPE shop_messages_sent_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("shop_messages_sent_total{channel=\"sms\",note=\"a \\\"b\\\" \\\\ c\\nd\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("shop_messages_sent_total{channel=\"email\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenMetrics_names_the_family_without_total_says_the_unit_and_ends_with_EOF()
    {
        meter.CreateCounter<double>("shop.time.spent", "s", "Time.").Add(1.5);

        var text = book.Read(openMetrics: true);

        Assert.Contains("# HELP shop_time_spent_seconds Time.\n# TYPE shop_time_spent_seconds counter\n# UNIT shop_time_spent_seconds seconds\nshop_time_spent_seconds_total 1.5\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_has_steps_that_add_up_and_the_last_of_them_is_all()
    {
        var times = meter.CreateHistogram("shop.call.duration", "s", "Calls.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 10] });
        foreach (var time in new[] { 0.05, 0.1, 0.5, 5, 50 }) times.Record(time, new KeyValuePair<string, object?>("provider", "twilio-eu"));

        var lines = book.Read(openMetrics: false).Split('\n').Where(line => line.StartsWith("shop_call_duration", StringComparison.Ordinal));

        Assert.Equal(
        [
            "shop_call_duration_seconds_bucket{provider=\"twilio-eu\",le=\"0.1\"} 2",
            "shop_call_duration_seconds_bucket{provider=\"twilio-eu\",le=\"1.0\"} 3",
            "shop_call_duration_seconds_bucket{provider=\"twilio-eu\",le=\"10.0\"} 4",
            "shop_call_duration_seconds_bucket{provider=\"twilio-eu\",le=\"+Inf\"} 5",
            "shop_call_duration_seconds_sum{provider=\"twilio-eu\"} 55.65",
            "shop_call_duration_seconds_count{provider=\"twilio-eu\"} 5",
        ], lines);
    }

    [Fact]
    public void What_is_observed_is_told_as_it_is_now_and_not_at_all_when_it_is_gone()
    {
        var levels = new Dictionary<string, double> { ["sms"] = 4, ["email"] = double.PositiveInfinity };
        meter.CreateObservableGauge("shop.waiting", () => levels.Select(one => new Measurement<double>(one.Value, new KeyValuePair<string, object?>("channel", one.Key))));

        Assert.Contains("shop_waiting{channel=\"email\"} +Inf\n", book.Read(openMetrics: false), StringComparison.Ordinal);
        levels.Remove("email");
        levels["sms"] = 7;
        var later = book.Read(openMetrics: false);

        Assert.Contains("shop_waiting{channel=\"sms\"} 7\n", later, StringComparison.Ordinal);
        Assert.DoesNotContain("email", later, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_goes_wrong_neither_fills_the_memory_nor_loses_the_count()
    {
        var wild = meter.CreateCounter<int>("shop.wild");
        for (var i = 0; i < Family.MostSeries + 500; i++) wild.Add(1, new KeyValuePair<string, object?>("id", i));

        var lines = book.Read(openMetrics: false).Split('\n').Where(line => line.StartsWith("shop_wild_total{", StringComparison.Ordinal)).ToList();

        Assert.Equal(Family.MostSeries + 1, lines.Count);
        Assert.Contains("shop_wild_total{otel_metric_overflow=\"true\"} 500", lines);
    }

    [Fact]
    public void Counting_by_labels_that_are_there_already_allocates_nothing()
    {
        var sent = meter.CreateCounter<long>("shop.hot");
        KeyValuePair<string, object?>[] labels = [new("channel", "sms"), new("lane", "bulk")];
        sent.Add(1, labels.AsSpan());

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) sent.Add(1, labels.AsSpan());

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains("shop_hot_total{channel=\"sms\",lane=\"bulk\"} 1001\n", book.Read(openMetrics: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_threads_lose_nothing()
    {
        var (count, times) = (meter.CreateCounter<long>("shop.many"), meter.CreateHistogram<double>("shop.many.times"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                count.Add(1);
                times.Record(1);
            }
        })));

        var text = book.Read(openMetrics: false);

        Assert.Contains("shop_many_total 20000\n", text, StringComparison.Ordinal);
        Assert.Contains("shop_many_times_sum 20000\n", text, StringComparison.Ordinal);
        Assert.Contains("shop_many_times_count 20000\n", text, StringComparison.Ordinal);
    }
}
