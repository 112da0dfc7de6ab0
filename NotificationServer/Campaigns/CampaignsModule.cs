using NotificationServer.Campaigns.Reports;

namespace NotificationServer.Campaigns;

internal static class CampaignsModule
{
    public static void AddCampaigns(this IHostApplicationBuilder builder)
    {
        builder.AddReports();
    }
}
