namespace NotificationServer.Campaigns.Reports;

internal static class ReportsModule
{
    public static void AddReports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ReportOptions>()
            .BindConfiguration(ReportOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<AudienceSample>();
        builder.Services.AddSingleton<ContactRoom>();
        builder.Services.AddSingleton<ReachEstimate>();
        builder.Services.AddSingleton<Runways>();
        builder.Services.AddSingleton<FlightPlans>();
        builder.Services.AddSingleton<FiguresReader>();
        builder.Services.AddSingleton<RecipientList>();
        builder.Services.AddSingleton<RecipientExport>();
    }
}
