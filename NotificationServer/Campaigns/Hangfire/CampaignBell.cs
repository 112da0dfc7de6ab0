using Hangfire;
using NotificationServer.Campaigns.Runs;

namespace NotificationServer.Campaigns.Hangfire;

/// What Hangfire does at the hour of a campaign.
internal sealed class CampaignBell(RunStarter starter)
{
    /// Begins whatever is due, which is this campaign if nobody was quicker.
    [JobDisplayName("Begin the campaign {0}")]
    public async Task Ring(string name)
    {
        _ = name; // for the dashboard
        while (await starter.RunOnceAsync(CancellationToken.None)) { }
    }
}
