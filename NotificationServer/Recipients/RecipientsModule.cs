namespace NotificationServer.Recipients;

internal static class RecipientsModule
{
    public static void AddRecipients(this IHostApplicationBuilder builder)
    {
    }
}
