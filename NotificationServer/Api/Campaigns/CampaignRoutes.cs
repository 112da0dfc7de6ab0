namespace NotificationServer.Api.Campaigns;

/// What is written to many.
internal static class CampaignRoutes
{
    public static void Map(RouteGroupBuilder v1)
    {
        CreateCampaign.Map(v1);
        ListCampaigns.Map(v1);
        GetCampaign.Map(v1);
        PatchCampaign.Map(v1);
        DeleteCampaign.Map(v1);
        AgreeOnCampaign.Map(v1);
        SteerCampaign.Map(v1);
        CloneCampaign.Map(v1);
        DiffCampaign.Map(v1);
        GetCampaignCalendar.Map(v1);
    }
}
