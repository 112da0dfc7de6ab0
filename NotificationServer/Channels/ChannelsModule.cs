using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NotificationServer.Channels.Accounts;
using NotificationServer.Channels.Email.Mailchimp;
using NotificationServer.Channels.Email.SendGrid;
using NotificationServer.Channels.Email.Smtp;
using NotificationServer.Channels.Inbox;
using NotificationServer.Channels.Push.Apns;
using NotificationServer.Channels.Push.Fcm;
using NotificationServer.Channels.Push.JPush;
using NotificationServer.Channels.Push.Pushy;
using NotificationServer.Channels.Push.WebPush;
using NotificationServer.Channels.Receipts;
using NotificationServer.Channels.Sms.Twilio;
using NotificationServer.Channels.Sms.Vonage;
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

        services.AddAccounts();
        services.AddSingleton<ProviderRoutes>();

        services.AddVendor<PushMessage, ApnsProvider, ApnsOptions>(ApnsOptions.Section);
        services.AddVendor<PushMessage, FcmProvider, FcmOptions>(FcmOptions.Section);
        services.AddVendor<PushMessage, WebPushProvider, WebPushOptions>(WebPushOptions.Section);
        services.AddVendor<PushMessage, JPushProvider, JPushOptions>(JPushOptions.Section);
        services.AddVendor<PushMessage, PushyProvider, PushyOptions>(PushyOptions.Section);
        services.AddVendor<SmsMessage, TwilioProvider, TwilioOptions>(TwilioOptions.Section);
        services.AddVendor<SmsMessage, VonageProvider, VonageOptions>(VonageOptions.Section);
        services.AddVendor<EmailMessage, SendGridProvider, SendGridOptions>(SendGridOptions.Section);
        services.AddVendor<EmailMessage, MailchimpProvider, MailchimpOptions>(MailchimpOptions.Section);
        services.AddVendor<EmailMessage, SmtpProvider, SmtpOptions>(SmtpOptions.Section);
        services.AddInbox();
        services.AddReceipts();
    }

    /// What comes back: a vendor's reader is its line here.
    private static void AddReceipts(this IServiceCollection services)
    {
        services.AddOptions<CallbackOptions>().BindConfiguration(CallbackOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CallbackAccounts>();
        services.AddSingleton<CallbackAddress>();
        services.AddSingleton<CallbackBodies>();
        services.AddSingleton<IReceiptReader, TwilioReceipts>();
        services.AddSingleton<IReceiptReader, VonageReceipts>();
        services.AddSingleton<IReceiptReader, SendGridReceipts>();
        services.AddSingleton<IReceiptReader, MailchimpReceipts>();
    }

    private static void AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountKeysOptions>().BindConfiguration(AccountKeysOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AccountCipher>();
        services.AddSingleton<AccountStore>();
        services.AddSingleton<AccountBuilder>();
        services.AddSingleton<AccountEditor>();
        services.AddSingleton<AccountDrafts>();
        services.AddSingleton<RoutingEditor>();
        services.AddSingleton<ProviderAccounts>();
        services.AddSingleton<AccountsKeeper>();
        services.AddHostedService(all => all.GetRequiredService<AccountsKeeper>());
    }

    private static void AddInbox(this IServiceCollection services)
    {
        services.AddOptions<InboxOptions>().BindConfiguration(InboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<InboxStore>();
        services.AddSingleton<InboxWriter>();
        services.AddSingleton<InboxProvider>();
    }

    /// A vendor is its folder and its line above: any number of accounts that people add, and one more if its section is there.
    public static IServiceCollection AddVendor<TMessage, TProvider, TOptions>(this IServiceCollection services, string section)
        where TMessage : OutboundMessage where TProvider : class, IProvider<TMessage> where TOptions : VendorOptions
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(all => new Vendor(Vendor.NameOf(section), FamilyOf<TMessage>(), section, typeof(TOptions), settings => Connect(all, settings)));
        return services.AddSingleton(all =>
            all.GetRequiredService<IOptions<TOptions>>().Value is { IsConfigured: true } settings
                ? new ProviderSlot<TMessage>(Connect(all, settings), settings) : new ProviderSlot<TMessage>(null));

        static TProvider Connect(IServiceProvider all, VendorOptions settings) => ActivatorUtilities.CreateInstance<TProvider>(all, settings);
    }

    private static ChannelFamily FamilyOf<TMessage>() where TMessage : OutboundMessage =>
        typeof(TMessage) == typeof(PushMessage) ? ChannelFamily.Push : typeof(TMessage) == typeof(SmsMessage) ? ChannelFamily.Sms : ChannelFamily.Email;
}
