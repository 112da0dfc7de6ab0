using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Platform;

/// How long what has ended is kept. Days are dropped whole; live messages and dead letters keep theirs for as long as they are there.
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    public const string WordsOutliveMessages = "Retention:Notifications must be at least as long as Retention:Messages: a message without its words says nothing.";

    [Range(typeof(TimeSpan), "2.00:00:00", "3660.00:00:00")]
    public TimeSpan Messages { get; init; } = TimeSpan.FromDays(90);

    [Range(typeof(TimeSpan), "2.00:00:00", "3660.00:00:00")]
    public TimeSpan Attempts { get; init; } = TimeSpan.FromDays(90);

    /// What providers told of messages, and what people did with them (links in texts work for as long); they leave with the day of their message, and those of no message of ours by their own age.
    [Range(typeof(TimeSpan), "2.00:00:00", "3660.00:00:00")]
    public TimeSpan Receipts { get; init; } = TimeSpan.FromDays(90);

    /// The figures by template, channel, provider and day. They name nobody.
    [Range(typeof(TimeSpan), "2.00:00:00", "36600.00:00:00")]
    public TimeSpan Statistics { get; init; } = TimeSpan.FromDays(1100);

    /// What was asked and said.
    [Range(typeof(TimeSpan), "2.00:00:00", "3660.00:00:00")]
    public TimeSpan Notifications { get; init; } = TimeSpan.FromDays(90);

    /// For how long a repeated event id is answered with the first ids.
    [Range(typeof(TimeSpan), "1.00:00:00", "3660.00:00:00")]
    public TimeSpan EventIds { get; init; } = TimeSpan.FromDays(35);

    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan IdempotencyKeys { get; init; } = TimeSpan.FromHours(24);

    /// What operators were warned of, after it was over.
    [Range(typeof(TimeSpan), "1.00:00:00", "3660.00:00:00")]
    public TimeSpan Alerts { get; init; } = TimeSpan.FromDays(90);

    /// Requeues and discards of many messages, after they ended. What was decided of each message is kept with the audit log.
    [Range(typeof(TimeSpan), "1.00:00:00", "3660.00:00:00")]
    public TimeSpan Operations { get; init; } = TimeSpan.FromDays(90);

    /// Who changed what and why, and what was decided about failed messages.
    [Range(typeof(TimeSpan), "30.00:00:00", "36600.00:00:00")]
    public TimeSpan AuditLog { get; init; } = TimeSpan.FromDays(400);

    /// How long dropping a day may wait for those who read it; what comes later waits behind it, hence so short. It is tried again.
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:03")]
    public TimeSpan LockWait { get; init; } = TimeSpan.FromMilliseconds(200);
}
