using NotificationServer.Simulator;

namespace NotificationServer.Benchmarks.Parts;

/// The simulated providers as a benchmark wants them: real protocols, no flush of their ledger to the disk that the database needs.
internal static class Providers
{
    public static Task<SimulatorHost> StartAsync(Rig rig, TimeSpan latency, CancellationToken ct) => SimulatorHost.StartAsync(
        new SimulatorOptions
        {
            DataDirectory = rig.Folder($"simulator-{Guid.CreateVersion7():N}"),
            FlushToDisk = false,
            Latency = latency,
            LedgerEntriesInMemory = 10_000,
        }, ct);

    public static long Accepted(this SimulatorHost simulator) => simulator.Figures.Values.Sum(vendor => vendor.Accepted);
}
