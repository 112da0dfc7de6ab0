using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Campaigns;

internal enum CampaignStatus
{
    Draft,
    /// Submitted: a second person decides.
    PendingApproval,
    /// Agreed to, and not launched.
    Approved,
    /// Waits for its time, or for its next one.
    Scheduled,
    Running,
    /// Held by a person, or because too much of it failed.
    Paused,
    Completed,
    Cancelled,
    /// Its time was over before all of it was sent.
    Expired,
    Failed,
}

/// What is planned, and how far it is.
internal sealed record Campaign
{
    public required Guid Id { get; init; }
    /// Empty: made in the admin app.
    public required Guid ClientId { get; init; }
    public bool Sandbox { get; init; }
    public required string Name { get; init; }
    public required CampaignStatus Status { get; init; }
    public required CampaignPlan Plan { get; init; }
    public required int Revision { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string UpdatedBy { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public string? SubmittedBy { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }
    /// What was agreed to last; null: nothing yet.
    public CampaignPlan? ApprovedPlan { get; init; }
    public string? Note { get; init; }
    public DateTimeOffset? NextRunAt { get; init; }
    public Guid? ClonedFrom { get; init; }
    /// Who changed it since it was agreed to last, whoever made it included.
    public IReadOnlyList<string> Editors { get; init; } = [];

    /// People a minute of the runs to come, as somebody said while one was under way; 0: as fast as it goes; null: as the plan says.
    public int? Pace { get; init; }

    /// Whom it means was changed while a run of it goes on: it does not come again before it was agreed to.
    public bool IsRecalled => Status is CampaignStatus.Running or CampaignStatus.Paused && ApprovedAt is null && NextRunAt is null && Editors.Count > 0;

    /// Whoever had a part in it is no second person.
    public bool MayBeApprovedBy(string actor) => actor != CreatedBy && actor != SubmittedBy && !Editors.Contains(actor);
}
