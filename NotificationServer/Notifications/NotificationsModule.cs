namespace NotificationServer.Notifications;

internal static class NotificationsModule
{
    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
    }
}
