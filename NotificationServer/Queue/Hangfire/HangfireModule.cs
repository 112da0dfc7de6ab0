using Hangfire;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;

namespace NotificationServer.Queue.Hangfire;

/// The engine of a Hangfire build. The rows of the queue stay the truth: what this replaces is who starts the sends.
internal static class HangfireModule
{
    /// What every node needs, also one that only shows the dashboard.
    public static void AddHangfireStorage(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<HangfireOptions>().BindConfiguration(HangfireOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.HasTimeZone, HangfireOptions.NoSuchZone);
        services.AddHttpContextAccessor();
        services.AddSingleton<Connections>();
        services.AddSingleton(Storage);
        services.AddSingleton<JobStorage>(all => all.GetRequiredService<PostgreSqlStorage>());
        services.AddSingleton<MessageStates>();
        services.AddSingleton<PublishedJobs>();
        services.AddSingleton<DashboardDecisions>();
        services.AddSingleton<StateRule>();
        services.AddSingleton(all => StateRule.Filters(all.GetRequiredService<StateRule>()));
        services.AddSingleton<JobActivator, Activation>();
        services.AddSingleton<IBackgroundJobClient>(all => new BackgroundJobClient(all.GetRequiredService<JobStorage>(), all.GetRequiredService<IJobFilterProvider>()));
        services.AddSingleton<IRecurringJobManager>(all => new RecurringJobManager(all.GetRequiredService<JobStorage>(), all.GetRequiredService<IJobFilterProvider>()));
        services.AddHostedService<SchemaAtStart>();
        if (builder.Plays(NodeRole.Scheduler)) services.AddSingleton<ISweep, Mirror>();
    }

    /// Sends. Called where the server's own engine would start its workers, so that these stop first, too.
    public static void AddHangfireEngine<TDelivery>(this IHostApplicationBuilder builder, IReadOnlyList<string> channels) where TDelivery : class, IDelivery
    {
        var services = builder.Services;
        services.AddSingleton(new ChannelList(channels));
        services.AddSingleton<IDelivery, TDelivery>();
        services.AddSingleton<SingleClaim>();
        services.AddSingleton<DeliveryJob>();
        services.AddSingleton<Housekeeping>();
        services.AddSingleton<PartitionKeeper>();
        services.AddSingleton<Retention>();
        services.AddHostedService<Keeper>();
        services.AddHostedService<Servers>();
        services.AddHostedService<Publisher>();
    }

    private static PostgreSqlStorage Storage(IServiceProvider services)
    {
        LogProvider.SetCurrentLogProvider(new HangfireLogs(services.GetRequiredService<ILoggerFactory>()));
        var lease = services.GetRequiredService<IOptions<QueueOptions>>().Value.Lease;
        var storage = new PostgreSqlStorage(services.GetRequiredService<Connections>(), new PostgreSqlStorageOptions
        {
            SchemaName = SchemaAtStart.Name,
            PrepareSchemaIfNecessary = false,            // the database may not run yet; SchemaAtStart
            InvisibilityTimeout = lease,                 // without a sign of life of its worker a job is fetched again, as our own engine would
            UseSlidingInvisibilityTimeout = true,
            // A lock is held for the moment of a change of state. One that a killed process has left would block that job's worker for the
            // ten minutes that this is by default.
            DistributedLockTimeout = lease,
            EnableLongPolling = false,                   // under load it fetched jobs and never started them
            QueuePollInterval = TimeSpan.FromSeconds(1),
        });
        // A node that only shows the dashboard has no workers, and what it enqueues is found by the polls of those that have.
        if (services.GetService<ChannelList>() is { } channels)
        {
            var figures = storage.QueueProviders.GetProvider("default").GetJobQueueMonitoringApi();
            foreach (var channel in channels.Names)
            {
                var queue = ActivatorUtilities.CreateInstance<LaneQueue>(services, channel, storage);
                queue.Open();
                storage.QueueProviders.Add(new LaneQueueProvider(queue, figures), QueueNames.Of(channel));
            }
        }
        return storage;
    }
}
