using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace NotificationServer.Platform.Telemetry;

/// Which figures are given out: ours, the requests that come in, the runtime's and the connection pool's. Not those of calls that go out: their
/// labels name hosts that callers choose.
internal static class Meters
{
    public const string Name = "NotificationServer";
    public const string Requests = "Microsoft.AspNetCore.Hosting", Listener = "Microsoft.AspNetCore.Server.Kestrel", Runtime = "System.Runtime", Database = "Npgsql";

    public static readonly string[] All = [Name, Requests, Listener, Runtime, Database];

    /// The steps of times from a millisecond to half a minute, in seconds.
    public static readonly InstrumentAdvice<double> Times = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };

    /// Of waits, which may take hours.
    public static readonly InstrumentAdvice<double> Waits = new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 14400, 86400] };

    public static Meter Ours(this IMeterFactory meters) => meters.Create(Name);

    /// Two servers in one process each have their own; the runtime's and the pool's are the process's.
    public static bool IsWanted(Instrument instrument, IMeterFactory of) => instrument.Meter.Name switch
    {
        Name or Requests or Listener => ReferenceEquals(instrument.Meter.Scope, of),
        Runtime => true,
        Database => instrument.Name.StartsWith("db.client.connection", StringComparison.Ordinal) || instrument.Name == "db.client.operation.duration",
        _ => false,
    };

    /// A pool that nobody has named (Hangfire's is one) goes by its connection string: whoever reads figures need not know where the database is.
    public static bool NamesTheDatabase(ReadOnlySpan<Tag> tags)
    {
        foreach (var tag in tags)
            if (tag is { Key: "db.client.connection.pool.name", Value: string name }) return name.Contains('=', StringComparison.Ordinal);
        return false;
    }
}
