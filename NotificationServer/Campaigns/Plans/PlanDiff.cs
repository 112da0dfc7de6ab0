namespace NotificationServer.Campaigns.Plans;

/// One thing that differs, in words. Field: as in the API, e.g. `schedule.at`. Null: it says nothing of it.
internal sealed record PlanChange(string Field, string? Before, string? After);

/// What an edit did to what was agreed to.
internal static class PlanDiff
{
    /// Before null: all of it is new.
    public static IReadOnlyList<PlanChange> Of(CampaignPlan? before, CampaignPlan after) => throw new NotImplementedException($"{before} {after}");
}
