using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Delivery.Links;
using NotificationServer.Delivery.Rates;
using NotificationServer.Delivery.Routing;
using NotificationServer.Platform;
#if HANGFIRE
using NotificationServer.Queue.Hangfire;
#else
using NotificationServer.Platform.Health;
#endif

namespace NotificationServer.Delivery;

internal static class DeliveryModule
{
    public static void AddDelivery(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<DeliveryOptions>()
            .BindConfiguration(DeliveryOptions.Section)
            .ValidateDataAnnotations()
            .Validate<LeaseGuard>((_, lease) => lease.HasRoom, LeaseGuard.NoRoom);
        builder.Services.AddOptionsWithValidateOnStart<GatesOptions>().BindConfiguration(GatesOptions.Section).ValidateDataAnnotations();
        builder.Services.AddSingleton<Accounts>();
        builder.Services.AddSingleton<GateStore>();
        builder.Services.AddSingleton<ProviderGates>();
        builder.Services.AddSingleton<Doorkeeper>();
        builder.Services.AddSingleton<RateStore>();
        builder.Services.AddSingleton<SendRates>();
        builder.Services.AddSingleton<HeldJobs>();
        builder.Services.AddSingleton<BriefReader>();
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddSingleton<Hold>();
        builder.Services.AddSingleton<Composer>();
        builder.Services.AddSingleton<ShortLinks>();
        builder.Services.AddSingleton<LinkTracker>();
        builder.Services.AddSingleton<LeaseGuard>();
        builder.Services.AddSingleton<CallNotes>();
        builder.Services.AddSingleton<Drill>();
        builder.Services.AddSingleton<AccountTrial>();
        builder.Services.AddSingleton<Verdict>();
        builder.Services.AddSingleton<SendMetrics>();
        builder.Services.AddSingleton<Sender>();
        builder.Services.AddSingleton<RightOfWay>();
        builder.Services.AddSingleton<Recorder>();
        if (!builder.Plays(NodeRole.Worker)) return;
        // Hosted services stop in reverse: the workers first, then the recorder with what they handed over, then those that
        // keep the leases of what is still being written and tell the other nodes what was learnt.
        builder.Services.AddHostedService<LeaseKeeper>();
        builder.Services.AddHostedService<GateKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Recorder>());
#if HANGFIRE
        builder.AddHangfireEngine<Hangfire.SingleDelivery>([.. ChannelNames.All.Select(channel => channel.Name())]);
#else
        builder.Services.AddSingleton<ClaimPulse>();
        builder.Services.AddSingleton<IReadinessCheck>(services => services.GetRequiredService<ClaimPulse>());
        foreach (var channel in ChannelNames.All)
            builder.Services.AddSingleton<IHostedService>(services => ChannelWorker.Of(channel, services));
#endif
    }
}
