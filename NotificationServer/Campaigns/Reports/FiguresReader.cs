namespace NotificationServer.Campaigns.Reports;

/// Reads the books of runs.
internal sealed class FiguresReader
{
    /// The runs of a campaign, the newest first.
    public Task<IReadOnlyList<CampaignFigures>> OfCampaignAsync(Guid campaign, int most, CancellationToken ct) =>
        ct.IsCancellationRequested ? Task.FromCanceled<IReadOnlyList<CampaignFigures>>(ct) : Task.FromResult<IReadOnlyList<CampaignFigures>>([]);

    /// The newest run of each of these campaigns that has one: for a list that shows how far they are.
    public Task<IReadOnlyDictionary<Guid, CampaignFigures>> LatestAsync(IReadOnlyCollection<Guid> campaigns, CancellationToken ct) =>
        ct.IsCancellationRequested ? Task.FromCanceled<IReadOnlyDictionary<Guid, CampaignFigures>>(ct)
            : Task.FromResult<IReadOnlyDictionary<Guid, CampaignFigures>>(new Dictionary<Guid, CampaignFigures>());
}
