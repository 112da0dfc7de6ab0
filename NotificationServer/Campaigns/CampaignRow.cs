using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Campaigns;

/// A campaign as its table has it.
internal sealed record CampaignRow
{
    public required Guid Id { get; init; }
    public required Guid ClientId { get; init; }
    public required bool Sandbox { get; init; }
    public required string Name { get; init; }
    public required string Status { get; init; }
    public required string Plan { get; init; }
    public required int Revision { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string UpdatedBy { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public string? SubmittedBy { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }
    public string? ApprovedPlan { get; init; }
    public string? Note { get; init; }
    public DateTimeOffset? NextRunAt { get; init; }
    public Guid? ClonedFrom { get; init; }
    public string[] Editors { get; init; } = [];
    public int? Pace { get; init; }
    /// The database's now, where it was asked for too.
    public DateTimeOffset Now { get; init; }

    public Campaign ToCampaign() => new()
    {
        Id = Id,
        ClientId = ClientId,
        Sandbox = Sandbox,
        Name = Name,
        Status = CampaignWords.StatusOf(Status) ?? throw new InvalidOperationException($"A campaign cannot be {Status}"),
        Plan = CampaignPlan.FromJson(Plan),
        Revision = Revision,
        CreatedBy = CreatedBy,
        CreatedAt = CreatedAt,
        UpdatedBy = UpdatedBy,
        UpdatedAt = UpdatedAt,
        SubmittedBy = SubmittedBy,
        SubmittedAt = SubmittedAt,
        ApprovedBy = ApprovedBy,
        ApprovedAt = ApprovedAt,
        ApprovedPlan = ApprovedPlan is null ? null : CampaignPlan.FromJson(ApprovedPlan),
        Note = Note,
        NextRunAt = NextRunAt,
        ClonedFrom = ClonedFrom,
        Editors = Editors,
        Pace = Pace,
    };
}
