namespace NotificationServer.Platform;

internal static class PlatformModule
{
    public static void AddPlatform(this IHostApplicationBuilder builder)
    {
    }

    public static void MapPlatform(this WebApplication app)
    {
    }
}
