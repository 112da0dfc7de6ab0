using System.Text.Json;
using NotificationServer.Benchmarks;
using NotificationServer.Benchmarks.Measures;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Tests.Benchmarks;

public sealed class ReportTests
{
    private static readonly Machine SomeMachine = new("cpu", 2, 4096, "os", "dotnet", "15", 0.1, Quick: true);

    [Fact]
    public void The_file_names_the_run_the_machine_and_each_figure_with_its_share_of_the_raw_limit()
    {
        var report = new Report("intake", SomeMachine);
        report.Add(Metrics.RawInsert, 40_000, "messages/s");
        report.Add(Metrics.IntakeSingle, 10_000, "messages/s");
        report.Add(Metrics.LatencyIdleP50, 4.2, "ms");

        var json = JsonDocument.Parse(report.Json()).RootElement;

        Assert.Equal("intake", json.GetProperty("name").GetString());
        Assert.Equal(2, json.GetProperty("machine").GetProperty("cores").GetInt32());
        var results = json.GetProperty("results").EnumerateArray().ToDictionary(result => result.GetProperty("metric").GetString()!); // always there
        Assert.Equal(JsonValueKind.Null, results[Metrics.RawInsert].GetProperty("ratio_to_raw").ValueKind);
        Assert.Equal(0.25, results[Metrics.IntakeSingle].GetProperty("ratio_to_raw").GetDouble());
        Assert.Equal("messages/s", results[Metrics.IntakeSingle].GetProperty("unit").GetString());
        Assert.Equal(4.2, results[Metrics.LatencyIdleP50].GetProperty("value").GetDouble());
        Assert.Equal(JsonValueKind.Null, results[Metrics.LatencyIdleP50].GetProperty("ratio_to_raw").ValueKind);
    }

    [Fact]
    public void A_drain_is_compared_with_the_raw_drain()
    {
        var report = new Report("drain", SomeMachine);
        report.Add(Metrics.RawInsert, 10, "messages/s");
        report.Add(Metrics.RawDrain, 20_000, "messages/s");
        report.Add(Metrics.DrainHistory, 10_000, "messages/s");

        Assert.Equal(0.5, report.Figures[^1].RatioToRaw);
    }

    [Fact]
    public void Every_run_begins_with_the_raw_limit_and_only_a_name_asks_for_the_long_one()
    {
        var one = Wish.Parse(["drain", "--json", "file", "--quick"], BenchmarkProgram.Measures);
        var all = Wish.Parse([], BenchmarkProgram.Measures);

        Assert.Equal(["raw", "drain"], one.Measures.Select(measure => measure.Name));
        Assert.True(one is { Name: "drain", JsonFile: "file", Quick: true });
        Assert.DoesNotContain(all.Measures, measure => measure is Sustained);
    }

    [Fact]
    public void A_percentile_is_a_time_that_was_measured()
    {
        var times = new Times(100);
        for (var i = 100; i >= 1; i--) times.Add(TimeSpan.FromMilliseconds(i));

        Assert.Equal((50, 99, 100), (times.Percentile(50), times.Percentile(99), times.Percentile(100)));
    }
}
