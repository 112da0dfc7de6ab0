using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace NotificationServer.Platform.Telemetry;

internal enum FamilyKind
{
    /// Only rises.
    Counter,
    Gauge,
    Histogram,
}

/// All series of one instrument.
internal sealed class Family(string name, string? unit, string? help, FamilyKind kind, bool isObserved, IReadOnlyList<double> bounds)
{
    /// However wrong a label goes, it can neither fill the memory nor drown whoever reads: what is more falls together.
    public const int MostSeries = 2000;
    private static readonly Tag[] TheRest = [new("otel_metric_overflow", true)];
    private static readonly double[] UsualSteps = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<Tag[], Series> series = new(TagComparer.Instance);

    public string Name => name;
    public string Unit => unit ?? "";
    public string Help => help ?? "";
    public FamilyKind Kind => kind;
    public double[] Bounds { get; } = kind != FamilyKind.Histogram ? [] : [.. bounds.Count > 0 ? bounds : UsualSteps];

    public static Family? Of(Instrument instrument)
    {
        var type = instrument.GetType();
        var shape = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        (FamilyKind Kind, bool Observed)? found =
            shape == typeof(Counter<>) ? (FamilyKind.Counter, false)
            : shape == typeof(ObservableCounter<>) ? (FamilyKind.Counter, true)
            : shape == typeof(UpDownCounter<>) ? (FamilyKind.Gauge, false)
            : shape == typeof(ObservableUpDownCounter<>) || shape == typeof(ObservableGauge<>) || shape == typeof(Gauge<>) ? (FamilyKind.Gauge, true)
            : shape == typeof(Histogram<>) ? (FamilyKind.Histogram, false) : null;
        return found is { } one ? new Family(instrument.Name, instrument.Unit, instrument.Description, one.Kind, one.Observed && shape != typeof(Gauge<>), BoundsOf(instrument)) { IsLevel = shape == typeof(Gauge<>) } : null;
    }

    public bool IsOfPools { get; } = name.StartsWith("db.", StringComparison.Ordinal);

    /// Told now and then, and true until it is told again.
    public bool IsLevel { get; init; }

    public void Take(double measurement, ReadOnlySpan<Tag> tags, long turn)
    {
        var one = Find(tags);
        if (kind == FamilyKind.Histogram) one.Record(measurement, Bounds);
        else if (isObserved || IsLevel) one.Set(measurement, turn);
        else one.Add(measurement);
    }

    /// Of what is observed, only what was observed this time.
    public IEnumerable<(Tag[] Tags, Series Series)> At(long turn)
    {
        foreach (var (tags, one) in series)
        {
            if (!isObserved || one.Turn == turn) yield return (tags, one);
            else series.TryRemove(tags, out _);
        }
    }

    private Series Find(ReadOnlySpan<Tag> tags)
    {
        var byTags = series.GetAlternateLookup<ReadOnlySpan<Tag>>();
        if (byTags.TryGetValue(tags, out var known)) return known;
        if (series.Count >= MostSeries) tags = TheRest;
        byTags.TryAdd(tags, new Series(kind == FamilyKind.Histogram ? Bounds.Length + 1 : 0));
        return byTags.TryGetValue(tags, out known) ? known : new Series(Bounds.Length + 1); // taken out this very moment: one measurement less
    }

    private static IReadOnlyList<double> BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } steps } => steps,
        Histogram<long> { Advice.HistogramBucketBoundaries: { } steps } => [.. steps.Select(step => (double)step)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } steps } => [.. steps.Select(step => (double)step)],
        _ => [],
    };
}
