using Npgsql;

namespace NotificationServer.Campaigns.Plans;

/// What is wrong with a plan.
internal sealed class PlanRules(NpgsqlDataSource db)
{
    /// Keeps it from being stored: what no draft may say.
    public static IReadOnlyList<PlanError> Check(CampaignPlan plan) => throw new NotImplementedException($"{plan}");

    /// Keeps it from being submitted: what is missing, is unknown, does not fit, or is over. All of it at once.
    public Task<IReadOnlyList<PlanError>> CheckReadyAsync(CampaignPlan plan, CancellationToken ct) => throw new NotImplementedException($"{db} {plan} {ct}");
}
