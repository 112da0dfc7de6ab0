using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Queue;

/// How jobs are leased, retried and given up.
internal sealed class QueueOptions
{
    public const string Section = "Queue";

    /// How long a claim holds before other nodes may take the job; longer than any provider call by a good margin.
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// How often each node looks for jobs whose lease ran out, +- 30 %.
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Sweep { get; init; } = TimeSpan.FromSeconds(10);

    /// How often an idle worker looks for due jobs by itself, +- 20 %; new work of the same node wakes it at once.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// The n-th counted failure waits a random time up to RetryBase * 2^(n-1), at most the cap of its lane.
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromSeconds(5);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetryCap { get; init; } = TimeSpan.FromMinutes(30);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetryCapBulk { get; init; } = TimeSpan.FromHours(6);

    /// After this long of counted failures a message is a dead letter, kept until a person decides.
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// A message whose node died or froze this often while it was leased is set aside: it may be what kills them.
    [Range(1, 100)]
    public int MaxCrashes { get; init; } = 3;
}
