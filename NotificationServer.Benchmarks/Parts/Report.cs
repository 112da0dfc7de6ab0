using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NotificationServer.Benchmarks.Parts;

/// One figure. The ratio is that of a rate to the raw limit of the same run; null where there is nothing to compare it with.
internal sealed record Figure(string Metric, double Value, string Unit, double? RatioToRaw);

/// What a run found out: collected as it goes, then a table for people and JSON for machines.
internal sealed class Report(string name, Machine machine)
{
    private readonly List<Figure> figures = [];

    public IReadOnlyList<Figure> Figures => figures;

    public void Add(string metric, double value, string unit)
    {
        figures.RemoveAll(figure => figure.Metric == metric);
        var figure = new Figure(metric, Math.Round(value, value < 100 ? 2 : 0), unit, Ratio(metric, value));
        figures.Add(figure);
        Console.WriteLine($"  {Line(figure)}");
    }

    public void AddRate(string metric, double messages, TimeSpan took) => Add(metric, messages / took.TotalSeconds, "messages/s");

    public double? Of(string metric) => figures.Find(figure => figure.Metric == metric)?.Value;

    public string Table() => string.Join('\n', figures.Select(figure => Line(figure)).Prepend($"{name}: {machine.Describe()}"));

    public string Json() => JsonSerializer.Serialize(new Document(name, machine, figures), ReportJson.Default.Document);

    internal sealed record Document(string Name, Machine Machine, IReadOnlyList<Figure> Results);

    private double? Ratio(string metric, double value)
    {
        if (!metric.EndsWith("_per_s", StringComparison.Ordinal) || metric.StartsWith("raw_", StringComparison.Ordinal)) return null;
        // Nothing is stored or sent: there is no raw limit of that.
        if (metric.StartsWith("decision_", StringComparison.Ordinal) || metric.StartsWith("template_", StringComparison.Ordinal)) return null;
        var raw = Of(metric.StartsWith("intake_", StringComparison.Ordinal) || metric.StartsWith("campaign_", StringComparison.Ordinal) ? Metrics.RawInsert : Metrics.RawDrain);
        return raw is null ? null : Math.Round(value / raw.Value, 3);
    }

    private static string Line(Figure figure)
    {
        var ratio = figure.RatioToRaw is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:0.000} of raw") : "";
        var floor = Metrics.Floors.TryGetValue(figure.Metric, out var least) ? $"(floor: {least})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{figure.Metric,-36} {figure.Value,12:#,0.##} {figure.Unit,-11} {ratio,-15} {floor}").TrimEnd();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Report.Document))]
internal sealed partial class ReportJson : JsonSerializerContext;
