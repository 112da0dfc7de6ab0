using System.Diagnostics;

namespace NotificationServer.Queue;

/// A message that this node holds a lease on. The pair (Id, Attempt) is the fence of every write that follows.
internal sealed record Job
{
    public required Guid Id { get; init; }
    public required string Channel { get; init; }
    public required Lane Lane { get; init; }
    public required int Attempt { get; init; }
    public required int Failures { get; init; }
    public required int Unknowns { get; init; }
    public DateTimeOffset? FirstFailedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    /// Since when it could have been claimed; null: this claim did not ask.
    public DateTimeOffset? DueAt { get; init; }
    /// PostgreSQL's time of the claim. With <see cref="ClaimStarted"/> it turns local monotonic time into database time.
    public required DateTimeOffset ClaimedAt { get; init; }
    /// Monotonic, taken before the claim was asked for: what is left of the lease is counted from here.
    public required long ClaimStarted { get; init; }

    public DateTimeOffset DatabaseTimeAt(long timestamp) => ClaimedAt + Stopwatch.GetElapsedTime(ClaimStarted, timestamp);
}
