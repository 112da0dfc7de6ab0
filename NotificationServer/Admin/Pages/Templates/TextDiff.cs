using NotificationServer.Admin.Ui;
using NotificationServer.Templates;

namespace NotificationServer.Admin.Pages.Templates;

internal enum LineKind { Same, Added, Removed, Skipped }

internal readonly record struct DiffLine(LineKind Kind, string Text);

internal sealed record FieldDiff(string Where, IReadOnlyList<DiffLine> Lines);

/// What is different between two versions, field by field and line by line.
internal static class TextDiff
{
    private const int Around = 2;
    // Beyond it the table of the comparison costs more than it tells.
    private const int MostLines = 2_000;

    public static IReadOnlyList<FieldDiff> Of(Draft? before, Draft after)
    {
        var (old, now) = (before is null ? [] : Fields(before), Fields(after));
        return [.. old.Keys.Union(now.Keys).Where(field => old.GetValueOrDefault(field) != now.GetValueOrDefault(field))
            .Select(field => new FieldDiff(field, Folded(Lines(old.GetValueOrDefault(field), now.GetValueOrDefault(field)))))];
    }

    internal static List<DiffLine> Lines(string? before, string? after)
    {
        var (a, b) = (Split(before), Split(after));
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head]) head++;
        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)]) tail++;

        var lines = a[..head].Select(line => new DiffLine(LineKind.Same, line)).ToList();
        lines.AddRange(Middle(a[head..^tail], b[head..^tail]));
        lines.AddRange(a[^tail..].Select(line => new DiffLine(LineKind.Same, line)));
        return lines;
    }

    private static IEnumerable<DiffLine> Middle(string[] a, string[] b)
    {
        if (a.Length > MostLines || b.Length > MostLines)
            return a.Select(line => new DiffLine(LineKind.Removed, line)).Concat(b.Select(line => new DiffLine(LineKind.Added, line)));

        // The longest common subsequence of what is left of each.
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
            for (var j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var lines = new List<DiffLine>(a.Length + b.Length);
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                lines.Add(new DiffLine(LineKind.Same, a[i++]));
                j++;
            }
            else if (i < a.Length && (j == b.Length || common[i + 1, j] >= common[i, j + 1])) lines.Add(new DiffLine(LineKind.Removed, a[i++]));
            else lines.Add(new DiffLine(LineKind.Added, b[j++]));
        }
        return lines;
    }

    /// Long stretches that are the same on both sides are left out.
    private static List<DiffLine> Folded(List<DiffLine> lines)
    {
        var near = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].Kind != LineKind.Same)
                for (var k = Math.Max(0, i - Around); k <= Math.Min(lines.Count - 1, i + Around); k++) near[k] = true;

        var folded = new List<DiffLine>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (near[i])
            {
                folded.Add(lines[i]);
                continue;
            }
            var start = i;
            while (i + 1 < lines.Count && !near[i + 1]) i++;
            folded.Add(i == start ? lines[i] : new DiffLine(LineKind.Skipped, $"{i - start + 1} lines that did not change"));
        }
        return folded;
    }

    private static Dictionary<string, string> Fields(Draft draft)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var locale in draft.Locales)
        {
            var (own, of) = (LanguageForm.Of(locale, draft.Own(locale)), locale is null ? "" : $" · {locale}");
            foreach (var (name, text) in new[]
            {
                ("Subject", own.Subject), ("HTML", own.Html), ("Text", own.Text), ("SMS", own.Sms), ("Push title", own.Title), ("Push body", own.Body), ("Push data", own.Data),
            })
                if (text is not null) fields[name + of] = text;
        }
        if (draft.Parts.DefaultLocale is { } language) fields["Default language"] = language;
        if (Pretty.Json(draft.Sample) is { } sample) fields["Sample data"] = sample;
        if (Pretty.Json(draft.Schema) is { } schema) fields["Schema"] = schema;
        return fields;
    }

    private static string[] Split(string? text) => text is null ? [] : text.Split('\n');
}
