using NotificationServer.Platform;
using NotificationServer.Recipients.Imports;

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
        services.AddSingleton<DeviceStore>();
        services.AddSingleton<PreferenceStore>();
        services.AddSingleton<PreferenceBatch>();
        services.AddSingleton<ImportStore>();
        services.AddSingleton<ImportRunner>();
        if (builder.Plays(NodeRole.Scheduler)) services.AddHostedService(all => all.GetRequiredService<ImportRunner>());
        services.AddSingleton<BlockStore>();
        services.AddSingleton<SuppressionStore>();
        services.AddSingleton<CategoryStore>();
    }
}
