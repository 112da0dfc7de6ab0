using NotificationServer.Campaigns.Calendar;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Campaigns.Segments;

namespace NotificationServer.Campaigns;

internal static class CampaignsModule
{
    public static void AddCampaigns(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSegments();
        services.AddSingleton<PlanRules>();
        services.AddSingleton<CampaignStore>();
        services.AddOptionsWithValidateOnStart<CampaignsOptions>().BindConfiguration(CampaignsOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<CampaignMaker>();
        services.AddSingleton<SecondPerson>();
        services.AddSingleton<CampaignRecall>();
        services.AddSingleton<CampaignApproval>();
        services.AddSingleton<CampaignDesk>();
        builder.AddRuns();
        builder.AddReports();
        services.AddSingleton<CalendarReader>();
        services.AddSingleton<Overlaps>();
    }
}
