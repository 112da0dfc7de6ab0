using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Measures;

/// One thing that is measured, by the name it has on the command line.
internal interface IMeasure
{
    string Name { get; }

    Task RunAsync(Rig rig, Report report, CancellationToken ct);
}
