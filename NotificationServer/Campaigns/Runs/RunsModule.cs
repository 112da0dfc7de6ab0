using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Campaigns.Runs;

internal static class RunsModule
{
    public static void AddRuns(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<RunOptions>().BindConfiguration(RunOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<RunStarter>();
        services.AddSingleton<Gatherer>();
        services.AddSingleton<BatchMaker>();
        services.AddSingleton<Expander>();
        services.AddSingleton<Verifier>();
        services.AddSingleton<FailureWatch>();
        services.AddSingleton<RunTender>();
        services.AddSingleton<ISweep, RunRetention>();
        services.AddSingleton<ISweep, RestoredRuns>();
        services.AddSingleton<CampaignRunner>();
#if HANGFIRE
        services.AddSingleton<Hangfire.CampaignBell>();
        if (builder.Plays(NodeRole.Scheduler)) services.AddSingleton<ISweep, Hangfire.RecurringCampaigns>();
#endif
        if (builder.Plays(NodeRole.Scheduler)) services.AddHostedService(all => all.GetRequiredService<CampaignRunner>());
    }
}
