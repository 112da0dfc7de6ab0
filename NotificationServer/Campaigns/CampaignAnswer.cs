namespace NotificationServer.Campaigns;

internal enum CampaignAnswerStatus
{
    Done,
    NotFound,
    /// Not in this state: see Problem.
    WrongState,
    /// Somebody else changed it first.
    Changed,
    /// See Errors.
    Invalid,
    /// Whoever wrote or submitted it cannot be the second person.
    NeedsSecondPerson,
}

/// How something that a person wanted of a campaign ended.
internal sealed record CampaignAnswer(CampaignAnswerStatus Status, Campaign? Campaign = null)
{
    /// In words, for whoever asked.
    public string? Problem { get; init; }
    public IReadOnlyList<PlanError> Errors { get; init; } = [];
}

/// What keeps a plan from being submitted, or stored. Pointer: into the campaign as api.md has it, e.g. `/schedule/at`.
internal sealed record PlanError(string Pointer, string Code, string Message);
