using Hangfire.States;

namespace NotificationServer.Queue.Hangfire;

/// Where a message really is, and how that is said in Hangfire's words.
internal sealed record MessageState
{
    public required Guid Id { get; init; }
    /// Null: it is not kept any more.
    public string? Status { get; init; }
    public string? Channel { get; init; }
    public short Lane { get; init; }
    public string? Reason { get; init; }
    /// What the last attempt was answered.
    public string? LastError { get; init; }
    /// Null: there is no job, it has ended.
    public short? Job { get; init; }
    public DateTime? RunAt { get; init; }
    public DateTime? LeaseUntil { get; init; }
    /// It waits for a person to decide.
    public bool IsDead { get; init; }
    public required DateTime Now { get; init; }

    public bool IsFailed => Job is null && IsDead;

    public bool Waits => Job == 0;

    public bool IsSent => Job is null && Status is "sent" or "delivered" or "bounced";

    public string Queue => QueueNames.Of(Channel ?? "", (Lane)Lane);

    public IState ToHangfire() => this switch
    {
        { Status: null } => new DeletedState { Reason = "The message is not kept any more." },
        { Job: 0 } when RunAt > Now => new ScheduledState(RunAt.Value) { Reason = LastError },
        { Job: 0 } => new EnqueuedState(Queue),
        { Job: not null } => new ScheduledState(LeaseUntil ?? Now) { Reason = "A worker holds it; looked at again when its lease ends." },
        { IsDead: true } => new FailedState(new NotSent(this)) { Reason = Reason },
        { IsSent: true } => new SucceededState(Status, 0, 0),
        { Status: "failed" } => new DeletedState { Reason = $"Discarded by a person. {Reason}" },
        _ => new DeletedState { Reason = $"{Status}: {Reason}" },
    };
}

/// How a job says that its message is not sent, for now or for good. Hangfire shows the words.
internal sealed class NotSent(MessageState state) : Exception(state.Waits ? $"Not sent yet: {state.LastError}" : state.Reason ?? state.Status)
{
    public MessageState State => state;
}
