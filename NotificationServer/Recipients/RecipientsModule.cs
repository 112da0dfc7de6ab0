using NotificationServer.Platform;
using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Imports;
using NotificationServer.Recipients.Links;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Recipients;

internal static class RecipientsModule
{
    public static void AddRecipients(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<PhoneOptions>()
            .BindConfiguration(PhoneOptions.Section)
            .Validate(options => options.IsSound, "Phones: a prefix is a plus sign and digits, as +41");
        services.AddSingleton<PhonePolicy>();
        services.AddSingleton<CategoryCatalog>();
        services.AddSingleton<RecipientReader>();
        services.AddSingleton<ContactTokens>();
        services.AddSingleton<DeadAddresses>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<UserEditor>();
        services.AddSingleton<DeviceStore>();
        services.AddSingleton<PreferenceStore>();
        services.AddSingleton<PreferenceBatch>();
        services.AddSingleton<ImportStore>();
        services.AddSingleton<ImportRunner>();
        if (builder.Plays(NodeRole.Scheduler)) services.AddHostedService(all => all.GetRequiredService<ImportRunner>());
        services.AddSingleton<BlockStore>();
        services.AddSingleton<SuppressionStore>();
        services.AddSingleton<CategoryStore>();
        services.AddConsent();
        // A node that only keeps house makes no links and sends nothing.
        if (builder.Plays(NodeRole.Api) || builder.Plays(NodeRole.Worker) || builder.Plays(NodeRole.Admin))
            services.AddSingleton(new RequiredSecret(RecipientSecret.Name));
    }

    private static void AddConsent(this IServiceCollection services)
    {
        services.AddOptions<PersonalLinkOptions>().BindConfiguration(PersonalLinkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AddressHash>();
        services.AddSingleton<SignedLinks>();
        services.AddSingleton<PersonalLinks>();
        services.AddOptions<LinkTrackingOptions>().BindConfiguration(LinkTrackingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TrackedLinks>();
        services.AddSingleton<ConsentStore>();
        services.AddSingleton<ConsentHistory>();
        services.AddSingleton<InboundSms>();
        services.AddSingleton<ReportedAddresses>();
        services.AddSingleton<PersonExport>();
        services.AddSingleton<PersonEraser>();
    }
}
