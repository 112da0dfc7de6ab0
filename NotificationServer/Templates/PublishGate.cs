namespace NotificationServer.Templates;

/// Asked before a version becomes the one that people are sent.
internal sealed class PublishGate
{
    /// Errors refuse it; warnings are told beside the answer. It may have been stored when the rules were looser. The class is that of
    /// the template's category; null: it has none.
    public (IReadOnlyList<TemplateError> Errors, IReadOnlyList<TemplateError> Warnings) Check(StoredVersion version, string? messageClass) =>
        (TemplateRules.Check(version.Source, version.Partials), []);
}
