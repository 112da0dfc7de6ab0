namespace NotificationServer.Recipients;

internal static class RecipientsModule
{
    public static void AddRecipients(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CategoryCatalog>();
        services.AddSingleton<RecipientReader>();
        services.AddSingleton<ContactTokens>();
        services.AddSingleton<DeadAddresses>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<DeviceStore>();
        services.AddSingleton<PreferenceStore>();
        services.AddSingleton<BlockStore>();
        services.AddSingleton<SuppressionStore>();
        services.AddSingleton<CategoryStore>();
    }
}
