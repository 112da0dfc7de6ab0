using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Queue.Hangfire;

/// How the engine of a Hangfire build works. A build without Hangfire does not read this.
internal sealed class HangfireOptions
{
    public const string Section = "Hangfire";

    /// Hangfire's workers per channel and node, each a thread. A tenth is kept for the critical lane, a tenth for transactional, a
    /// twentieth for bulk. More than 20 a channel made it slower, not faster.
    [Range(4, 200)]
    public int Workers { get; init; } = 20;

    /// The most messages whose Hangfire jobs are made in one transaction.
    [Range(1, 5000)]
    public int PublishBatch { get; init; } = 200;

    /// How often each node looks whether a scheduled job is due: what a retry or a time to send may come late by.
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:15")]
    public TimeSpan SchedulePoll { get; init; } = TimeSpan.FromSeconds(1);

    /// A message that is due for this long, and that Hangfire has in no queue, was lost there: it is put back.
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Overdue { get; init; } = TimeSpan.FromSeconds(30);

    /// Hangfire's own connections, beside those of the server.
    [Range(5, 1000)]
    public int MaxPoolSize { get; init; } = 40;

    /// When the house is kept (cron), in <see cref="TimeZone"/>.
    [Required]
    public string Housekeeping { get; init; } = "7 * * * *";

    /// An IANA name.
    [Required]
    public string TimeZone { get; init; } = "Etc/UTC";

    public const string NoSuchZone = "Hangfire:TimeZone must be the name of a time zone (Europe/Zurich).";

    public bool HasTimeZone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _);
}
