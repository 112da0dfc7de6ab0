using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;
using HangfireJob = Hangfire.Common.Job;

namespace NotificationServer.Queue.Hangfire;

/// Hangfire's own chores on this node (what is scheduled becomes due, heartbeats, expiry), and the house-keeping of this server as
/// recurring jobs.
internal sealed class Keeper(
    PostgreSqlStorage storage, IRecurringJobManager recurring, IJobFilterProvider filters, JobActivator activator, IOptions<HangfireOptions> options, NodeIdentity node) : IHostedService, IDisposable
{
    /// For what recurs.
    public const string Queue = "housekeeping";

    private readonly Lock gate = new();
    private Task? stopped;
    private BackgroundJobServer? server;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                ServerName = $"{node.Name}:{Queue}",
                Queues = [Queue],
                WorkerCount = 1,
                FilterProvider = filters,
                Activator = activator,
                SchedulePollingInterval = options.Value.SchedulePoll,
            },
            storage);
        Recur("partitions", nameof(Housekeeping.MakePartitions));
        Recur("retention", nameof(Housekeeping.DropOldDays));
        // The days ahead must be there before the first message of each: not only in an hour.
        recurring.Trigger("partitions");
        return Task.CompletedTask;
    }

    /// A host may be stopped twice, even at once.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate) return stopped ??= StopOnceAsync(cancellationToken);
    }

    public void Dispose() => server?.Dispose();

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        if (server is null) return;
        server.SendStop();
        await server.WaitForShutdownAsync(cancellationToken);
    }

    private void Recur(string id, string method) => recurring.AddOrUpdate(
        id, new HangfireJob(typeof(Housekeeping), typeof(Housekeeping).GetMethod(method), [], Queue), options.Value.Housekeeping,
        new RecurringJobOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone) });
}
