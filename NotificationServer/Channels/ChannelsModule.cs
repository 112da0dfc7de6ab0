namespace NotificationServer.Channels;

internal static class ChannelsModule
{
    public static void AddChannels(this IHostApplicationBuilder builder)
    {
    }
}
