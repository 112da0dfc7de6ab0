using NotificationServer.Channels;
using NotificationServer.Platform;

namespace NotificationServer.Delivery;

internal static class DeliveryModule
{
    public static void AddDelivery(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<DeliveryOptions>()
            .BindConfiguration(DeliveryOptions.Section)
            .ValidateDataAnnotations()
            .Validate<LeaseGuard>((_, lease) => lease.HasRoom, LeaseGuard.NoRoom);
        builder.Services.AddSingleton<BriefReader>();
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddSingleton<Composer>();
        builder.Services.AddSingleton<LeaseGuard>();
        builder.Services.AddSingleton<Verdict>();
        builder.Services.AddSingleton<Sender>();
        builder.Services.AddSingleton<Recorder>();
        if (!builder.Plays(NodeRole.Worker)) return;
        // Hosted services stop in reverse: the workers first, then the recorder with what they handed over.
        builder.Services.AddHostedService(services => services.GetRequiredService<Recorder>());
        foreach (var channel in ChannelNames.All)
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ChannelWorker>(services, channel.Name()));
    }
}
