namespace NotificationServer.Benchmarks.Faults;

/// One fault of docs/reliability.md: how it is brought about, and what must hold meanwhile. What must hold afterwards, of
/// every fault alike, is the checker's.
internal sealed record Scenario(string Id, string Title, Func<Trial, CancellationToken, Task> PlayAsync)
{
    /// Marked D: a second copy may leave, and must be on record as possible.
    public bool MayDuplicate { get; init; }
    /// Stops, crashes or starves the PostgreSQL.
    public bool NeedsPostgres { get; init; }
    /// Fills the disk that the PostgreSQL is on.
    public bool NeedsSmallDisk { get; init; }
    /// Loses a PostgreSQL and goes on with its standby: an arena of its own.
    public bool NeedsStandby { get; init; }
    /// What was acknowledged may be lost, which is the price of what it plays: how much is the figure.
    public bool MayLose { get; init; }
    /// Messages may end without having been sent, with a reason that people can see.
    public bool MayEndUnsent { get; init; }
}
