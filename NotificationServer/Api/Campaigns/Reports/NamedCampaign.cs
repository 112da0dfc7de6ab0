using NotificationServer.Api.Auth;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Platform;

namespace NotificationServer.Api.Campaigns.Reports;

/// What a path and `?run_id=` name, as far as the caller may see it.
internal static class NamedCampaign
{
    public static Task<Campaign?> FindAsync(string id, CampaignStore campaigns, Caller caller, CancellationToken ct) => OneCampaign.FindAsync(id, caller, campaigns, ct);

    /// Absent: the newest. Null: there is none.
    public static async Task<CampaignFigures?> RunAsync(Campaign campaign, string? runId, FiguresReader figures, CancellationToken ct) =>
        runId is null ? await figures.OfCampaignAsync(campaign.Id, 1, ct) is [var newest] ? newest : null
            : PrefixedId.TryParse("run", runId, out var run) ? await figures.OfRunAsync(campaign.Id, run, ct) : null;
}
