namespace NotificationServer.Recipients;

internal static class RecipientsModule
{
    public static void AddRecipients(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CategoryCatalog>();
        builder.Services.AddSingleton<RecipientReader>();
        builder.Services.AddSingleton<DeadAddresses>();
    }
}
