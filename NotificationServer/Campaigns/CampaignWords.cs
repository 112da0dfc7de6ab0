namespace NotificationServer.Campaigns;

/// What a status is called outside: in the API, in the database and in webhooks.
internal static class CampaignWords
{
    private static readonly Dictionary<string, CampaignStatus> ByName = Enum.GetValues<CampaignStatus>().ToDictionary(status => status.Name(), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Statuses => ByName.Keys;

    public static string Name(this CampaignStatus status) => status switch
    {
        CampaignStatus.Draft => "draft",
        CampaignStatus.PendingApproval => "pending_approval",
        CampaignStatus.Approved => "approved",
        CampaignStatus.Scheduled => "scheduled",
        CampaignStatus.Running => "running",
        CampaignStatus.Paused => "paused",
        CampaignStatus.Completed => "completed",
        CampaignStatus.Cancelled => "cancelled",
        CampaignStatus.Expired => "expired",
        CampaignStatus.Failed => "failed",
    };

    public static CampaignStatus? StatusOf(string? name) => name is not null && ByName.TryGetValue(name, out var status) ? status : null;
}
