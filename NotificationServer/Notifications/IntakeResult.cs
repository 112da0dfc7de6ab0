namespace NotificationServer.Notifications;

internal enum IntakeStatus
{
    Accepted,
    /// The event id was used before for the same request: these are the first ids.
    Deduplicated,
    /// The idempotency key was used before for the same request: <see cref="IntakeResult.StoredAnswer"/> is the first answer.
    Replayed,
    EventIdReused,
    IdempotencyMismatch,
    /// What it lost its key or event id to was gone before it could be looked at; nothing was accepted, and asked for again it is judged afresh.
    InProgress,
    Invalid,
    /// More is waiting to be stored than this node holds; nothing was accepted.
    QueueFull,
}

internal sealed record IntakeResult(IntakeStatus Status)
{
    public AcceptedNotification? Notification { get; init; }
    public string? StoredAnswer { get; init; }
    public int StoredStatus { get; init; }
    public IReadOnlyList<IntakeError> Errors { get; init; } = [];

    public static IntakeResult Invalid(params IReadOnlyList<IntakeError> errors) => new(IntakeStatus.Invalid) { Errors = errors };
}

/// Pointer is a JSON pointer into the request of api.md.
internal sealed record IntakeError(string Pointer, string Code, string Message);
