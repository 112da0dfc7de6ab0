using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Campaigns.Runs;

/// A run as it was when it was read.
internal sealed class Run
{
    private CampaignPlan? read;

    public required Guid Id { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid ClientId { get; init; }
    public required bool Sandbox { get; init; }
    public required string PlanJson { get; init; }
    public required string Phase { get; init; }
    public string? Ending { get; init; }
    public string? Problem { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public required string GatheredTo { get; init; }
    public required int Audience { get; init; }
    public required int Expanded { get; init; }
    public required int Withdrawn { get; init; }
    public int? Throttle { get; init; }
    public short? Winner { get; init; }
    public DateTimeOffset? DecideAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required long Number { get; init; }
    public required Guid WithdrawnTo { get; init; }
    public required string VerifiedTo { get; init; }
    public DateTimeOffset? VerifiedAt { get; init; }
    public required int Missing { get; init; }
    public required int Extra { get; init; }
    public required long FailedBefore { get; init; }
    public required long AnsweredBefore { get; init; }
    /// PostgreSQL's, when it was read.
    public required DateTimeOffset Now { get; init; }

    public CampaignPlan Plan => read ??= CampaignPlan.FromJson(PlanJson);

    public bool IsLocal => Plan.Schedule.Kind == ScheduleKind.Local;

    /// What everybody is told at once, or a part of the test is shown; the rest is shown what won.
    public (string? Template, int? Version) Says(short? variant) =>
        Plan.AbTest is { } test && (variant ?? Winner) is { } shown && shown >= 0 && shown < test.Variants.Count
            ? (test.Variants[shown].Template ?? Plan.Template, test.Variants[shown].TemplateVersion ?? (test.Variants[shown].Template is null ? Plan.TemplateVersion : null))
            : (Plan.Template, Plan.TemplateVersion);

    internal static class Sql
    {
        public const string Columns = """
            r.id, r.campaign_id, r.client_id, r.sandbox, r.plan::text as plan_json, r.phase, r.ending, r.problem, r.paused_at, r.gathered_to, r.audience, r.expanded,
            r.withdrawn, r.throttle, r.winner, r.decide_at, r.expires_at, r.started_at, r.number, r.withdrawn_to, r.verified_to, r.verified_at, r.missing,
            r.extra, r.failed_before, r.answered_before, now() as now
            """;
    }
}
