namespace NotificationServer.Admin.Monitor;

internal static class MonitorModule
{
    public static void AddMonitor(this IServiceCollection services)
    {
        services.AddSingleton<AccountStates>();
        services.AddSingleton<OutlookReader>();
        services.AddSingleton<ChannelRows>();
        services.AddSingleton<HoldDesk>();
    }
}
