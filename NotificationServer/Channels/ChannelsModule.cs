using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NotificationServer.Channels.Email.SendGrid;
using NotificationServer.Channels.Inbox;
using NotificationServer.Channels.Push.Apns;
using NotificationServer.Channels.Push.Fcm;
using NotificationServer.Channels.Sms.Twilio;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels;

internal static class ChannelsModule
{
    public static void AddChannels(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ChannelsOptions>().BindConfiguration(ChannelsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WireClients>();

        services.AddSingleton<ProviderRoutes>();

        services.AddVendor<PushMessage, ApnsProvider, ApnsOptions>(ApnsOptions.Section).AddSingleton<ApnsTokens>();
        services.AddVendor<PushMessage, FcmProvider, FcmOptions>(FcmOptions.Section).AddSingleton<FcmTokens>();
        services.AddVendor<SmsMessage, TwilioProvider, TwilioOptions>(TwilioOptions.Section);
        services.AddVendor<EmailMessage, SendGridProvider, SendGridOptions>(SendGridOptions.Section);
        services.AddInbox();
    }

    private static void AddInbox(this IServiceCollection services)
    {
        services.AddOptions<InboxOptions>().BindConfiguration(InboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<InboxStore>();
        services.AddSingleton<InboxWriter>();
        services.AddSingleton<InboxProvider>();
    }

    /// A vendor is its folder and its line above: a provider that is there if its section is.
    private static IServiceCollection AddVendor<TMessage, TProvider, TOptions>(this IServiceCollection services, string section)
        where TMessage : OutboundMessage where TProvider : class, IProvider<TMessage> where TOptions : VendorOptions
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TProvider>();
        return services.AddSingleton(all => new ProviderSlot<TMessage>(
            all.GetRequiredService<IOptions<TOptions>>().Value.IsConfigured ? all.GetRequiredService<TProvider>() : null));
    }
}
