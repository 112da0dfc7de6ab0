using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Campaigns;

internal static class CampaignsModule
{
    public static void AddCampaigns(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<PlanRules>();
        services.AddSingleton<CampaignStore>();
        services.AddSingleton<CampaignDesk>();
    }
}
