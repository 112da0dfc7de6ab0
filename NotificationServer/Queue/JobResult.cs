namespace NotificationServer.Queue;

/// What the worker says of a job that it held: it ended, or it comes again.
internal sealed record JobResult
{
    public required Job Job { get; init; }
    /// Null: the job comes again, at <see cref="At"/> or after <see cref="Delay"/>.
    public MessageStatus? End { get; init; }
    public string? Reason { get; init; }
    /// From when it is written.
    public TimeSpan Delay { get; init; }
    /// By PostgreSQL's clock, whenever it is written; null: after the delay.
    public DateTimeOffset? At { get; init; }
    /// Whether this attempt counts as a failure, which the retry delay grows with and the 24 hours are counted from.
    public bool Counts { get; init; }
    /// The code of a failure that came before any call (`template_error`); a call has its own.
    public string? Code { get; init; }
    /// The routing rule that chose the account of the call, if one did.
    public string? Rule { get; init; }
    /// The call that was made, if one was.
    public Attempt? Attempt { get; init; }
}

/// One call of a provider, as it is kept.
internal sealed record Attempt
{
    public required string Provider { get; init; }
    public required string Outcome { get; init; }
    public string? ProviderMessageId { get; init; }
    public string? Code { get; init; }
    public string? Detail { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }
    public const string UnknownOutcome = "unknown";
}
