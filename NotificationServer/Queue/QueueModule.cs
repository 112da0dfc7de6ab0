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
        builder.Services.AddSingleton<JobClaims>();
        builder.Services.AddSingleton<JobResults>();
        builder.Services.AddSingleton<Cancellation>();
        builder.Services.AddSingleton<ISweep, Quarantine>();
        builder.Services.AddSingleton<ISweep, Rescuer>();
        builder.Services.AddSingleton<ISweep, Expirer>();
        builder.Services.AddHostedService<Sweeper>();
    }
}
