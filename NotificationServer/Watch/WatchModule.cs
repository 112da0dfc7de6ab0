using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Watch;

internal static class WatchModule
{
    public static void AddWatch(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AlertsOptions>().BindConfiguration(AlertsOptions.Section).ValidateDataAnnotations()
            .Validate<TargetRules>((options, rules) => options.Channels.Values.All(channel => channel.Url is not { } url || rules.Refuse(url, out _) is null),
                "A webhook of Alerts:Channels is no address that may be called: https, and of the public internet or of Webhooks:AllowedNetworks")
            .ValidateOnStart();
        services.AddSingleton<FleetReader>();
        services.AddSingleton<FleetMetrics>();
        services.AddSingleton<RuleBook>();
        services.AddSingleton<AlertBoard>();
        services.AddSingleton<Mutes>();
        services.AddSingleton<Tellings>();
        services.AddSingleton<AlertPlace>();
        services.AddSingleton<AlertMail>();
        services.AddSingleton<Teller>();
        services.AddSingleton<Watcher>();
        // Where house is kept: these nodes look, and tell.
        if (builder.Plays(NodeRole.Scheduler)) services.AddHostedService(all => all.GetRequiredService<Watcher>());
    }
}
