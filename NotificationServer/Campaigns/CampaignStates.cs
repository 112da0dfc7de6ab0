namespace NotificationServer.Campaigns;

/// What a person can do to a campaign.
internal enum CampaignDeed
{
    Edit,
    Submit,
    Approve,
    Reject,
    Launch,
    Pause,
    Resume,
    Cancel,
    Throttle,
    Delete,
}

/// In which states each can be done. What the server does by itself (start, pause, end) is the runs' affair.
internal static class CampaignStates
{
    private static readonly Dictionary<CampaignDeed, CampaignStatus[]> Table = new()
    {
        [CampaignDeed.Edit] = [CampaignStatus.Draft, CampaignStatus.PendingApproval, CampaignStatus.Approved, CampaignStatus.Scheduled],
        [CampaignDeed.Submit] = [CampaignStatus.Draft],
        [CampaignDeed.Approve] = [CampaignStatus.PendingApproval],
        [CampaignDeed.Reject] = [CampaignStatus.PendingApproval],
        [CampaignDeed.Launch] = [CampaignStatus.Approved],
        [CampaignDeed.Pause] = [CampaignStatus.Scheduled, CampaignStatus.Running],
        [CampaignDeed.Resume] = [CampaignStatus.Paused],
        // A draft too, since one that went out before cannot be deleted.
        [CampaignDeed.Cancel] = [CampaignStatus.Draft, CampaignStatus.PendingApproval, CampaignStatus.Approved, CampaignStatus.Scheduled, CampaignStatus.Running, CampaignStatus.Paused],
        [CampaignDeed.Throttle] = [CampaignStatus.Running, CampaignStatus.Paused],
        [CampaignDeed.Delete] = [CampaignStatus.Draft],
    };

    public static bool Allows(this CampaignStatus status, CampaignDeed deed) => Table[deed].Contains(status);

    public static bool IsOver(this CampaignStatus status) =>
        status is CampaignStatus.Completed or CampaignStatus.Cancelled or CampaignStatus.Expired or CampaignStatus.Failed;

    /// Why not, in words.
    public static string Refusal(this CampaignStatus status, CampaignDeed deed) =>
        $"It is {status.Name().Replace('_', ' ')}: only what is {string.Join(", ", Table[deed].Select(one => one.Name().Replace('_', ' ')))} can be {Done(deed)}";

    private static string Done(CampaignDeed deed) => deed switch
    {
        CampaignDeed.Edit => "changed",
        CampaignDeed.Submit => "submitted",
        CampaignDeed.Approve => "approved",
        CampaignDeed.Reject => "sent back",
        CampaignDeed.Launch => "launched",
        CampaignDeed.Pause => "paused",
        CampaignDeed.Resume => "resumed",
        CampaignDeed.Cancel => "cancelled",
        CampaignDeed.Throttle => "throttled",
        CampaignDeed.Delete => "deleted",
    };
}
