namespace NotificationServer.Api;

internal static class ApiModule
{
    public static void AddApi(this IHostApplicationBuilder builder)
    {
    }

    public static void MapApi(this WebApplication app)
    {
    }
}
