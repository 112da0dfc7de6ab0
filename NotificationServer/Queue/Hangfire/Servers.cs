using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;

namespace NotificationServer.Queue.Hangfire;

/// Hangfire's servers of this node: one a channel, so that one provider's outage takes nobody else's workers.
internal sealed class Servers(
    ChannelList channels, PostgreSqlStorage storage, IJobFilterProvider filters, JobActivator activator, IOptions<HangfireOptions> options, NodeIdentity node) : IHostedService, IDisposable
{
    private readonly List<BackgroundJobServer> running = [];
    private readonly Lock gate = new();
    private Task? stopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var channel in channels.Names)
            running.Add(Start(channel, QueueNames.Of(channel), options.Value.Workers));
        return Task.CompletedTask;
    }

    /// A host may be stopped twice, even at once.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate) return stopped ??= StopOnceAsync(cancellationToken);
    }

    public void Dispose() => running.ForEach(server => server.Dispose());

    /// All are told before any is waited for: else the last would still be starting sends while the first uses up the time.
    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        running.ForEach(server => server.SendStop());
        foreach (var server in running) await server.WaitForShutdownAsync(cancellationToken);
    }

    private BackgroundJobServer Start(string name, string[] queues, int workers) => new(
        new BackgroundJobServerOptions
        {
            ServerName = $"{node.Name}:{name}",
            Queues = queues,
            WorkerCount = workers,
            FilterProvider = filters,
            Activator = activator,
            // Schedulers and chores are the keeper's: once a node, not once a channel.
            IsLightweightServer = true,
            // A send under way comes to its end: it is bounded by its own deadline.
            StopTimeout = TimeSpan.FromSeconds(30),
            ShutdownTimeout = TimeSpan.FromSeconds(35),
        },
        storage);
}
