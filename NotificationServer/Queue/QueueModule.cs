using NotificationServer.Platform;
using NotificationServer.Platform.Health;

namespace NotificationServer.Queue;

internal static class QueueModule
{
    public static void AddQueue(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<QueueOptions>()
            .BindConfiguration(QueueOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton(Random.Shared);
        builder.Services.AddSingleton<NodeIdentity>();
        builder.Services.AddSingleton<RetryDelay>();
        builder.Services.AddSingleton<Wakeups>();
        builder.Services.AddSingleton<IntakeTraffic>();
        builder.Services.AddSingleton<JobClaims>();
        builder.Services.AddSingleton<JobResults>();
        builder.Services.AddSingleton<Repeats>();
        builder.Services.AddSingleton<Cancellation>();
        builder.Services.AddSingleton<Patience>();
        builder.Services.AddSingleton<ISweep, Quarantine>();
        builder.Services.AddSingleton<ISweep, Rescuer>();
        builder.Services.AddSingleton<ISweep, Expirer>();
        builder.Services.AddSingleton<ISweep, CountRollup>();
        builder.Services.AddSingleton<ISweep, ReceiptRetention>();
        builder.Services.AddSingleton<ISweep, TrackingRetention>();
        builder.Services.AddSingleton<ISweep, OperatorRetention>();
        builder.Services.AddSingleton<ISweep, BookClosing>();
        builder.Services.AddSingleton<BalanceCheck>();
        builder.Services.AddSingleton<BalanceSweep>();
        builder.Services.AddSingleton<ISweep>(services => services.GetRequiredService<BalanceSweep>());
        builder.Services.AddSingleton<Balance>();
        builder.Services.AddSingleton<QueueFigures>();
        builder.Services.AddSingleton<FlowHistory>();
        builder.Services.AddSingleton<AlertList>();
        builder.Services.AddSingleton<LeaseList>();
        builder.Services.AddSingleton<Switches>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Switches>());
        builder.Services.AddSingleton<CampaignDoor>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CampaignDoor>());
        builder.Services.AddSingleton<SwitchBoard>();
        builder.Services.AddSingleton<Requeue>();
        builder.Services.AddSingleton<Operations>();
        builder.Services.AddSingleton<Undo>();
        builder.Services.AddSingleton<FailureGroups>();
        builder.Services.AddSingleton<ISweep, UndoRetention>();
        builder.Services.AddSingleton<SetAside>();
        builder.Services.AddSingleton<ISweep>(services => services.GetRequiredService<SetAside>());
        builder.Services.AddSingleton<OperationRunner>();
        AddNodes(builder);
#if HANGFIRE
        Hangfire.HangfireModule.AddHangfireStorage(builder);
#endif
        if (!builder.Plays(NodeRole.Scheduler)) return;
        builder.Services.AddHostedService(services => services.GetRequiredService<OperationRunner>());
        builder.Services.AddHostedService<Sweeper>();
        builder.Services.AddHostedService<JobsVacuum>();
    }

    private static void AddNodes(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<NodeLoad>();
        services.AddSingleton<NodeList>();
        services.AddSingleton<NodeRegistry>();
        services.AddHostedService(all => all.GetRequiredService<NodeRegistry>());
        services.AddSingleton<IReadinessCheck>(all => all.GetRequiredService<NodeRegistry>());
        services.AddSingleton<Backlog>();
        if (builder.Plays(NodeRole.Api)) services.AddHostedService(all => all.GetRequiredService<Backlog>());
        services.AddSingleton<QueueSignal>();
        services.AddSingleton<Announcer>();
        services.AddHostedService(all => all.GetRequiredService<Announcer>());
        if (builder.Plays(NodeRole.Worker)) services.AddHostedService<Listener>();
    }
}
