using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Notifications;

/// How requests share commits, and when this node says "not now".
internal sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// Connections that store requests side by side; while one commits, the others collect.
    [Range(1, 16)]
    public int Writers { get; init; } = 2;

    /// The most requests that share a commit.
    [Range(1, 5000)]
    public int BatchSize { get; init; } = 500;

    /// The most recipients that share a commit; a larger request has one for itself.
    [Range(1, 100_000)]
    public int BatchRecipients { get; init; } = 5000;

    /// The most requests that wait for a writer; beyond that the answer is 503 with Retry-After.
    [Range(1, 1_000_000)]
    public int Waiting { get; init; } = 10_000;

    /// The most calls of `:batch` that wait for a writer; beyond that the answer is 503 with Retry-After.
    [Range(1, 10_000)]
    public int BatchesWaiting { get; init; } = 64;

    /// The most jobs that a channel may have, about; beyond that what is asked of it is answered 503 with Retry-After.
    [Range(1, 1_000_000_000)]
    public int MaxBacklog { get; init; } = 10_000_000;

    /// How many more are taken for the critical lane.
    [Range(0, 1_000_000_000)]
    public int CriticalMargin { get; init; } = 100_000;

    /// The most test sends of a template that one person or key may make in a minute, on a node.
    [Range(1, 1000)]
    public int TestsPerMinute { get; init; } = 10;
}
