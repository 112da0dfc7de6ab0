using Hangfire.PostgreSql;

namespace NotificationServer.Queue.Hangfire;

/// Puts our queue of one channel in the place of Hangfire's. Hangfire looks its queues up by this; what the dashboard shows of
/// them is Hangfire's own view of the same table.
internal sealed class LaneQueueProvider(LaneQueue queue, IPersistentJobQueueMonitoringApi figures) : IPersistentJobQueueProvider, IPersistentJobQueueMonitoringApi
{
    public IPersistentJobQueue GetJobQueue() => queue;

    public IPersistentJobQueueMonitoringApi GetJobQueueMonitoringApi() => this;

    /// None: Hangfire's own provider already names every queue in the table, and each would be shown twice.
    public IEnumerable<string> GetQueues() => [];

    public IEnumerable<long> GetEnqueuedJobIds(string queue, int from, int perPage) => figures.GetEnqueuedJobIds(queue, from, perPage);

    public IEnumerable<long> GetFetchedJobIds(string queue, int from, int perPage) => figures.GetFetchedJobIds(queue, from, perPage);

    public EnqueuedAndFetchedCountDto GetEnqueuedAndFetchedCount(string queue) => figures.GetEnqueuedAndFetchedCount(queue);
}
