namespace NotificationServer.Api.Campaigns.Reports;

internal static class CampaignReportRoutes
{
    public static void Map(RouteGroupBuilder v1)
    {
        EstimateCampaign.Map(v1);
        PlanCampaign.Map(v1);
        GetCampaignStats.Map(v1);
        ListCampaignRecipients.Map(v1);
        RetryFailedMessages.Map(v1);
    }
}
