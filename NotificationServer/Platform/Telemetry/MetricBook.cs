using System.Diagnostics.Metrics;
using System.Text;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace NotificationServer.Platform.Telemetry;

/// Keeps the figures of this server for whoever reads `/metrics`. Until it is begun nothing listens, and measuring costs next to nothing.
internal sealed class MetricBook(IMeterFactory meters, ILogger<MetricBook> log) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Family> families = new(StringComparer.Ordinal);
    private MeterListener? listener;
    private long turn;

    public bool IsBegun => listener is not null;

    /// What it knows, whether or not there is anything to tell of it yet.
    public IReadOnlyCollection<string> Names
    {
        get
        {
            lock (gate) return [.. families.Values.Select(family => Exposition.NameOf(family.Name, Exposition.UnitOf(family)))];
        }
    }

    public void Begin()
    {
        lock (gate)
        {
            if (listener is not null) return;
            listener = new MeterListener { InstrumentPublished = Publish };
            listener.SetMeasurementEventCallback<byte>((_, one, tags, family) => Take(family, one, tags));
            listener.SetMeasurementEventCallback<short>((_, one, tags, family) => Take(family, one, tags));
            listener.SetMeasurementEventCallback<int>((_, one, tags, family) => Take(family, one, tags));
            listener.SetMeasurementEventCallback<long>((_, one, tags, family) => Take(family, one, tags));
            listener.SetMeasurementEventCallback<float>((_, one, tags, family) => Take(family, one, tags));
            listener.SetMeasurementEventCallback<double>((_, one, tags, family) => Take(family, one, tags));
            listener.SetMeasurementEventCallback<decimal>((_, one, tags, family) => Take(family, (double)one, tags));
            listener.Start();
        }
    }

    /// Everything as it stands now.
    public string Read(bool openMetrics)
    {
        Begin();
        lock (gate)
        {
            turn++;
            try
            {
                listener?.RecordObservableInstruments();
            }
            catch (AggregateException e)
            {
                // One gauge that fails must not hide the others.
                Log.GaugeFailed(log, e);
            }
            var text = new StringBuilder(32 * 1024);
            foreach (var family in families.Values) Exposition.Write(text, family, turn, openMetrics);
            if (openMetrics) text.Append("# EOF\n");
            return text.ToString();
        }
    }

    public void Dispose() => listener?.Dispose();

    private void Publish(Instrument instrument, MeterListener to)
    {
        if (!Meters.IsWanted(instrument, meters)) return;
        lock (gate)
        {
            // Two instruments of one name (the pool of each data source) are one family.
            if (!families.TryGetValue(instrument.Name, out var family))
            {
                if (Family.Of(instrument) is not { } made) return;
                families.Add(instrument.Name, family = made);
            }
            to.EnableMeasurementEvents(instrument, family);
        }
    }

    private void Take(object? to, double measurement, ReadOnlySpan<Tag> tags)
    {
        if (to is Family family && !(family.IsOfPools && Meters.NamesTheDatabase(tags))) family.Take(measurement, tags, turn);
    }
}
