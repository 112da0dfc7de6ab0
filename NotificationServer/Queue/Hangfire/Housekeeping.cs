using Hangfire;
using NotificationServer.Platform;

namespace NotificationServer.Queue.Hangfire;

/// What recurs. A run that fails stands in Hangfire as failed, with its reason; the next one comes anyway.
internal sealed class Housekeeping(PartitionKeeper partitions, Retention retention)
{
    [JobDisplayName("Make the partitions of the days ahead")]
    public Task<int> MakePartitions() => partitions.RunOnceAsync(CancellationToken.None);

    [JobDisplayName("Drop the days that nobody asked to keep")]
    public Task<IReadOnlyList<string>> DropOldDays() => retention.RunOnceAsync(CancellationToken.None);
}
