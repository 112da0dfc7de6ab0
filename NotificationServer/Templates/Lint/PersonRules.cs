namespace NotificationServer.Templates.Lint;

/// The names that profiles give: what is not said of everybody leaves some people without the message.
internal static class PersonRules
{
    private const string Always = $"{PersonVariables.Root}.{PersonVariables.Id}";

    /// Whether a name is the profile's to give: below `user`, unless the schema says what callers give there.
    public static bool AreOf(string path, LintSubject subject) => PersonVariables.Contains(path)
        && (subject.Schema is not { } schema || PersonVariables.Offered.Contains(path) || !NameTree.OfSchema(schema).Has(PersonVariables.Root));

    public static IEnumerable<Finding> Unknown(LintSubject subject) =>
        from part in subject.Parts
        from variable in part.Variables
        where variable.Required && variable.Path != Always && AreOf(variable.Path, subject)
        select part.Find(Severity.Warning, "person_may_lack", "", $"{{{{{variable.Path}}}}} is not known of everybody: who has none is not sent this.",
            $"Write {{{{default {variable.Path} \"...\"}}}}, or ask with {{{{#if {variable.Path}}}}}.");
}
