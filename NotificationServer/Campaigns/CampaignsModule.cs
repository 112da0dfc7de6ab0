using NotificationServer.Campaigns.Reports;
using NotificationServer.Campaigns.Segments;

namespace NotificationServer.Campaigns;

internal static class CampaignsModule
{
    public static void AddCampaigns(this IHostApplicationBuilder builder)
    {
        builder.AddSegments();
        builder.AddReports();
    }
}
