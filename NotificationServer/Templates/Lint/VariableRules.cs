namespace NotificationServer.Templates.Lint;

/// The names in the words against the names that callers were promised: the schema, or where there is none the sample data.
internal static class VariableRules
{
    /// A name that nobody gives is most often a slip of the finger, and an empty place in somebody's mail.
    public static IEnumerable<Finding> Missing(LintSubject subject)
    {
        var (known, where) = subject.Schema is { } schema ? (NameTree.OfSchema(schema), "the schema") : (OfSample(subject), "the sample data");
        if (known is null) yield break;
        foreach (var (part, variable) in Used(subject))
            if (!known.Has(variable.Path) && !PersonRules.AreOf(variable.Path, subject))
                yield return part.Find(variable.Required ? Severity.Error : Severity.Warning, "missing_variable", "",
                    $"{{{{{variable.Path}}}}} is used but not in {where}.", Nearest(known, variable.Path) is { } near ? $"Did you mean {{{{{near}}}}}? Else add it to {where}." : $"Add it to {where}, or take it out.");
    }

    public static IEnumerable<Finding> Unused(LintSubject subject)
    {
        var used = subject.Parts.SelectMany(part => part.Variables).Select(variable => variable.Path).ToHashSet(StringComparer.Ordinal);
        if (subject.Parts.Count == 0) return [];
        return subject.Schema is { } schema
            ? NameTree.OfSchema(schema).Without(used).Select(name => new Finding(Severity.Warning, "unused_variable", "/variables_schema", null,
                $"{name} is in the schema but in none of the words.", "Use it, or take it out of the schema so that callers need not give it."))
            : OfSample(subject)?.Without(used).Select(name => new Finding(Severity.Info, "unused_sample", "/sample_data", null,
                $"{name} is in the sample data but in none of the words.")) ?? [];
    }

    /// What the preview and every figure of lint stand on.
    public static IEnumerable<Finding> Sample(LintSubject subject)
    {
        var own = Used(subject).Where(use => !PersonRules.AreOf(use.Variable.Path, subject)).ToList();
        if (own.Count == 0) yield break;
        if (OfSample(subject) is not { } sample)
        {
            yield return new Finding(Severity.Info, "no_sample_data", "/sample_data", null,
                "There is no sample data: the preview shows names for values, and sizes are close but not exact.", "Add an example of what callers send.");
            yield break;
        }
        if (subject.Schema is null) yield break; // Missing says it
        foreach (var name in own.Where(use => use.Variable.Required && !sample.Has(use.Variable.Path)).Select(use => use.Variable.Path).Distinct(StringComparer.Ordinal))
            yield return new Finding(Severity.Warning, "sample_lacks_variable", "/sample_data", null, $"The sample data has no {name}: the preview shows its name.", "Add it to the sample data.");
    }

    private static IEnumerable<(LintPart Part, TemplateVariable Variable)> Used(LintSubject subject) =>
        from part in subject.Parts
        from variable in part.Variables.DistinctBy(variable => variable.Path)
        where !LinkVariables.Names.Contains(variable.Path)
        select (part, variable);

    private static NameTree? OfSample(LintSubject subject) => subject.Sample is { } sample ? NameTree.OfData(sample) : null;

    private static string? Nearest(NameTree known, string path) => known.Without([])
        .Select(name => (Name: name, Distance: Distance(name, path)))
        .Where(near => near.Distance <= Math.Max(1, path.Length / 4))
        .OrderBy(near => near.Distance).Select(near => near.Name).FirstOrDefault();

    // Letters put in, left out, changed or swapped.
    private static int Distance(string a, string b)
    {
        if (a.Length > 100 || b.Length > 100) return int.MaxValue;
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var best = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
            }
        return table[a.Length, b.Length];
    }
}
