namespace NotificationServer.Queue;

internal enum OperationType
{
    Requeue,
    Discard,
    /// Takes back what another one did, as far as nothing came of it.
    Undo,
}

/// Which dead letters an operator means; what is null does not matter.
internal sealed record DeadLetterFilter
{
    /// These messages and no others.
    public IReadOnlyList<Guid>? Ids { get; init; }
    public IReadOnlyList<string>? Channels { get; init; }
    public string? Provider { get; init; }
    public string? Fingerprint { get; init; }
    public string? Template { get; init; }
    /// Any of its runs.
    public Guid? Campaign { get; init; }
    public string? ErrorCode { get; init; }
    /// Stands in the words of the failure, as its group tells them.
    public string? Text { get; init; }
    /// A user's id, or an address. Never stored: an operation keeps the messages that it stood for.
    public string? Recipient { get; init; }
    /// When it failed: at or after From, before To.
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
}

internal sealed record OperationRequest(OperationType Type, DeadLetterFilter Filter, string Reason, string Actor)
{
    public required int Most { get; init; }
    /// Messages a second; null: as fast as it goes.
    public int? Rate { get; init; }
    /// Of a requeue: the account that the messages are to go through; null: as their routes say.
    public string? Provider { get; init; }
}

/// Work on many messages as it stands.
internal sealed class Operation
{
    public required Guid Id { get; init; }
    public required string Type { get; init; }
    /// running, completed, cancelled.
    public required string Status { get; init; }
    public required int Total { get; init; }
    public required int Done { get; init; }
    /// Accepted by a provider already, and therefore not sent again.
    public required int Refused { get; init; }
    /// No longer dead when their turn came: somebody else dealt with them.
    public required int Skipped { get; init; }
    public int? Rate { get; init; }
    /// Of a requeue: the account that it goes through; null: as the routes say.
    public string? Provider { get; init; }
    /// Of an undo: what it takes back.
    public Guid? Undoes { get; init; }
    /// What takes this one back, or did.
    public Guid? UndoneBy { get; init; }
    public required string Reason { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    public static string NameOf(OperationType type) => type switch
    {
        OperationType.Requeue => "requeue",
        OperationType.Discard => "discard",
        OperationType.Undo => "undo",
    };
}
