namespace NotificationServer.Templates;

internal enum TemplateChangeStatus
{
    Done,
    Invalid,
    KeyTaken,
    NotFound,
}

/// How a change of a template ended.
internal readonly record struct TemplateChange(TemplateChangeStatus Status, int Version, IReadOnlyList<TemplateError> Errors)
{
    public static TemplateChange Done(int version) => new(TemplateChangeStatus.Done, version, []);
    public static TemplateChange Invalid(IReadOnlyList<TemplateError> errors) => new(TemplateChangeStatus.Invalid, 0, errors);
    public static readonly TemplateChange KeyTaken = new(TemplateChangeStatus.KeyTaken, 0, []);
    public static readonly TemplateChange NotFound = new(TemplateChangeStatus.NotFound, 0, []);
}
