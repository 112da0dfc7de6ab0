using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Tracking.Webhooks;

internal static class WebhooksModule
{
    public static void AddWebhooks(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<WebhooksOptions>().BindConfiguration(WebhooksOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<TargetRules>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<RetrySchedule>();
        services.AddSingleton<WebhookCaller>();
        services.AddSingleton<EndpointStore>();
        services.AddSingleton<EndpointKeys>();
        services.AddSingleton<DeliveryLog>();
        services.AddSingleton<WebhookJobs>();
        services.AddSingleton<WebhookResults>();
        services.AddSingleton<ISweep, WebhookRescue>();
        services.AddSingleton<ISweep, WebhookRetention>();
        if (builder.Plays(NodeRole.Worker)) services.AddHostedService<WebhookWorker>();
    }
}
