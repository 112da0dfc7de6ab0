namespace NotificationServer.Queue;

internal static class QueueModule
{
    public static void AddQueue(this IHostApplicationBuilder builder)
    {
    }
}
