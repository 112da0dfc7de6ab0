namespace NotificationServer.Templates;

internal enum TemplateChangeStatus
{
    Done,
    Invalid,
    KeyTaken,
    NotFound,
    /// Somebody else changed it first.
    Changed,
    Archived,
}

/// How a change of a template ended.
internal readonly record struct TemplateChange(TemplateChangeStatus Status, int Version, IReadOnlyList<TemplateError> Errors)
{
    /// Done all the same, but worth a look.
    public IReadOnlyList<TemplateError> Warnings { get; init; } = [];

    public static TemplateChange Done(int version, IReadOnlyList<TemplateError>? warnings = null) =>
        new(TemplateChangeStatus.Done, version, []) { Warnings = warnings ?? [] };

    public static TemplateChange Invalid(IReadOnlyList<TemplateError> errors) => new(TemplateChangeStatus.Invalid, 0, errors);
    public static readonly TemplateChange KeyTaken = new(TemplateChangeStatus.KeyTaken, 0, []);
    public static readonly TemplateChange NotFound = new(TemplateChangeStatus.NotFound, 0, []);
    public static readonly TemplateChange Changed = new(TemplateChangeStatus.Changed, 0, []);
    public static readonly TemplateChange Archived = new(TemplateChangeStatus.Archived, 0, []);
}
