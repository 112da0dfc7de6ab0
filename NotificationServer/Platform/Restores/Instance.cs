namespace NotificationServer.Platform.Restores;

/// What a node remembers of its database, outside of it. Count: how often it has noted itself down there.
internal sealed record Memory(Guid Witness, long Count, long Epoch, DateTimeOffset BeganAt, DateTimeOffset At);

/// What makes sure that a claim meets the database that this node knows: one that lacks what the node has seen gives nothing out.
internal sealed record Fence(Guid Instance, long Epoch, Guid Witness, long Count);

/// The database as it is now, with what it knew of this node a moment ago and what it knows since.
internal sealed class InstanceReading
{
    public required Guid Id { get; init; }
    public required long Epoch { get; init; }
    public string? Installation { get; init; }
    public string? System { get; init; }
    public string? Timeline { get; init; }
    public DateTimeOffset? HeldAt { get; init; }
    public string? DoubtWord { get; init; }
    public required long Count { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset BeganAt { get; init; }
    /// Null: it did not know this node.
    public long? CountBefore { get; init; }
    public DateTimeOffset? AtBefore { get; init; }
    /// The last that any other node noted.
    public DateTimeOffset? OthersAt { get; init; }
}

/// Where the database lives. Null: it does not say, as some hosted ones do not.
internal sealed record Place(string? System, string? Timeline);

/// Sending is held, and what people decide by.
internal sealed class HeldSending
{
    public required DateTimeOffset HeldAt { get; init; }
    public required string HeldBy { get; init; }
    public required string Doubt { get; init; }
    public required string Evidence { get; init; }
    public DateTimeOffset? CopyAt { get; init; }
    /// Somebody has decided, and what was queued is being set aside.
    public DateTimeOffset? SetAsideBefore { get; init; }

    public string Sentence => Restores.Doubt.Sentence(Doubt);
}
