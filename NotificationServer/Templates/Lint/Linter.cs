namespace NotificationServer.Templates.Lint;

/// All rules, in one order; what may not be published comes first.
internal static class Linter
{
    private static readonly Func<LintSubject, IEnumerable<Finding>>[] Rules =
    [
        RefusalRule.Check,
        RenderingRule.Check,
        VariableRules.Missing,
        VariableRules.Unused,
        VariableRules.Sample,
        PersonRules.Unknown,
        LinkRules.Links,
        LinkRules.Images,
        MailRules.WayOut,
        MailRules.TextPart,
        MailRules.Clipping,
        MailRules.Subject,
        SmsRules.Alphabet,
        SmsRules.Size,
        PushRules.Size,
        PushRules.Length,
        LocaleRules.Gaps,
    ];

    public static IReadOnlyList<Finding> Check(LintSubject subject) =>
        [.. Rules.SelectMany(rule => rule(subject)).Distinct().OrderBy(finding => finding.Severity)];
}

/// What the rules for storing refuse is an error here too, so that an unsaved draft learns it in the same list.
internal static class RefusalRule
{
    public static IEnumerable<Finding> Check(LintSubject subject) => subject.Refused
        .Select(error => new Finding(Severity.Error, error.Code, error.Pointer, LocaleRules.LocaleOf(error.Pointer), error.Message));
}

/// Words that cannot be said even with the sample data.
internal static class RenderingRule
{
    public static IEnumerable<Finding> Check(LintSubject subject) => subject.Refused.Count > 0
        ? []
        : from part in subject.Parts
          where part is { Said: null, Problem: not null }
          // A name in the place of a number or a date proves nothing.
          select part.Find(part.MadeUp ? Severity.Warning : Severity.Error, "cannot_render", "", $"With the sample data this cannot be rendered: {part.Problem}.",
              part.MadeUp ? "Add the missing values to the sample data." : "Change the words or the sample data until the preview shows them.");
}
