namespace NotificationServer.Templates.Shared;

internal sealed record ListedPartial
{
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required int Latest { get; init; }
    /// Raised by every change.
    public required int Revision { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record StoredPartial(ListedPartial Row, PartialTexts Texts);

internal sealed record StoredPartialVersion(int Version, PartialTexts Texts, DateTimeOffset CreatedAt, string CreatedBy);

/// A template whose published version, or whose newest draft, holds a copy of a partial.
internal sealed record PartialUse
{
    public required string Template { get; init; }
    public required int Version { get; init; }
    public required bool Published { get; init; }
    public required int PartialVersion { get; init; }
}

internal enum PartialChangeStatus
{
    Done,
    Invalid,
    KeyTaken,
    NotFound,
    /// Somebody else changed it first.
    Changed,
    InUse,
}

/// How a change of a partial ended. InUse: by whom.
internal readonly record struct PartialChange(PartialChangeStatus Status, int Version = 0)
{
    public IReadOnlyList<TemplateError> Errors { get; private init; } = [];
    public IReadOnlyList<string> Users { get; private init; } = [];

    public static PartialChange Done(int version) => new(PartialChangeStatus.Done, version);
    public static PartialChange Invalid(IReadOnlyList<TemplateError> errors) => new(PartialChangeStatus.Invalid) { Errors = errors };
    public static PartialChange InUse(IReadOnlyList<string> users) => new(PartialChangeStatus.InUse) { Users = users };
}
