using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Campaigns;

/// What a person wants a campaign to be. Whose it is and whether it goes to the sandbox count when it is made, and do not change.
internal sealed record CampaignDraft(string Name, CampaignPlan Plan)
{
    /// Empty: made in the admin app.
    public Guid ClientId { get; init; }
    public bool Sandbox { get; init; }
}
