namespace NotificationServer.Campaigns.Reports;

internal static class ReportsModule
{
    public static void AddReports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ReachEstimate>();
        builder.Services.AddSingleton<FlightPlans>();
        builder.Services.AddSingleton<FiguresReader>();
    }
}
