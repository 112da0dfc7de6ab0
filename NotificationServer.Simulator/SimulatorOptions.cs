using NotificationServer.Simulator.Credentials;

namespace NotificationServer.Simulator;

internal sealed class SimulatorOptions
{
    /// Keys, the ledger and the settings for a sender; made if absent.
    public required string DataDirectory { get; init; }

    /// The providers listen on this port and the next ones; 0: on any free ports.
    public int PortBase { get; init; }

    /// The name by which others find this machine, which is in the certificate then, and listened to from outside. Null: 127.0.0.1, and nobody else.
    public string? Host { get; init; }

    /// Point the server of simulator.env at the further vendors for SMS and mail too, so that there is someone to fail over to.
    public bool AllVendors { get; init; }

    /// Flush the ledger to the disk itself before answering. Only a benchmark of something else may do without.
    public bool FlushToDisk { get; init; } = true;

    /// Waited before each answer, as a provider is far away.
    public TimeSpan Latency { get; init; }

    /// Null: the data directory's own, generated once.
    public SimulatorCredentials? Credentials { get; init; }

    /// The same of the push providers beside Apple's and Google's.
    public PushCredentials? PushCredentials { get; init; }

    /// Judges the age of tokens and dates the ledger.
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// Different APNs provider tokens in 20 minutes before 429 TooManyProviderTokenUpdates; Apple allows one.
    public int ApnsTokensPer20Minutes { get; init; } = 30;

    /// How many of the latest ledger entries stay in memory for GET /ledger; the file has all.
    public int LedgerEntriesInMemory { get; init; } = 50_000;
}
