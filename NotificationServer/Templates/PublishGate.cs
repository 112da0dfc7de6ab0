using NotificationServer.Templates.Lint;

namespace NotificationServer.Templates;

/// Asked before a version becomes the one that people are sent.
internal sealed class PublishGate(LintReader lint)
{
    /// Errors refuse it; warnings are told beside the answer. It may have been stored when the rules were looser. Class: of the
    /// template's category; null without one.
    public (IReadOnlyList<TemplateError> Errors, IReadOnlyList<TemplateError> Warnings) Check(StoredVersion version, string? messageClass)
    {
        var findings = lint.Check(Draft.Of(version, messageClass));
        return (Of(findings, Severity.Error), Of(findings, Severity.Warning));
    }

    private static TemplateError[] Of(IReadOnlyList<Finding> findings, Severity severity) =>
        findings.Where(found => found.Severity == severity)
            .Select(found => new TemplateError(found.Pointer, found.Code, found.Mend is null ? found.Message : $"{found.Message} {found.Mend}")).ToArray();
}
