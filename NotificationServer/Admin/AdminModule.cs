namespace NotificationServer.Admin;

internal static class AdminModule
{
    public static void AddAdmin(this IHostApplicationBuilder builder)
    {
    }

    public static void MapAdmin(this WebApplication app)
    {
    }
}
