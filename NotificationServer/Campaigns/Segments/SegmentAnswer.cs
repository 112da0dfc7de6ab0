namespace NotificationServer.Campaigns.Segments;

internal enum SegmentAnswerStatus
{
    Done,
    NotFound,
    /// Somebody else changed it first.
    Changed,
    /// See Errors, whose pointers are into the segment: `/name`, `/rules/all/0/value`.
    Invalid,
    NameTaken,
    /// Something that is not over needs it: see Problem.
    InUse,
}

/// How something that was wanted of a segment ended.
internal sealed record SegmentAnswer(SegmentAnswerStatus Status, Segment? Segment = null)
{
    public IReadOnlyList<PlanError> Errors { get; init; } = [];

    /// Campaigns that were submitted or agreed to, and are asked about again because of it.
    public int Recalled { get; init; }

    /// In words, for whoever asked.
    public string? Problem { get; init; }
}
