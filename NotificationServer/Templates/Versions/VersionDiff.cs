using System.Text.Encodings.Web;
using System.Text.Json;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Templates.Versions;

/// One text that two versions have differently. Pointer: where it stands in a version, `/channels/email/html` or `/locales/de/sms/body`.
internal sealed record TextDiff(string Pointer, IReadOnlyList<DiffHunk> Hunks);

/// What a person would want to know before publishing: every text, the schema, the sample data and the partials, as lines.
internal static class VersionDiff
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<TextDiff> Of(StoredVersion from, StoredVersion to)
    {
        var (a, b) = (TextsOf(from), TextsOf(to));
        return [.. a.Keys.Union(b.Keys)
            .Select(pointer => new TextDiff(pointer, LineDiff.Of(a.GetValueOrDefault(pointer), b.GetValueOrDefault(pointer))))
            .Where(diff => diff.Hunks.Count > 0)];
    }

    private static Dictionary<string, string> TextsOf(StoredVersion version)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        void Add(string pointer, string? text)
        {
            if (text is not null) texts[pointer] = text;
        }

        AddParts("/channels", version.Parts);
        foreach (var (locale, parts) in version.Parts.Locales ?? new Dictionary<string, TemplateParts>()) AddParts($"/locales/{locale}", parts);
        Add("/default_locale", version.Parts.DefaultLocale);
        Add("/variables_schema", Indented(version.VariablesSchema));
        Add("/sample_data", Indented(version.SampleData));
        foreach (var (key, copy) in version.Partials.Copies)
        {
            AddPartial($"/partials/{key}", copy.Texts);
            foreach (var (locale, other) in copy.Texts.Locales ?? new Dictionary<string, PartialTexts>()) AddPartial($"/partials/{key}/locales/{locale}", other);
        }
        return texts;

        void AddParts(string at, TemplateParts parts)
        {
            Add($"{at}/email/subject", parts.Email?.Subject);
            Add($"{at}/email/html", parts.Email?.Html);
            Add($"{at}/email/text", parts.Email?.Text);
            Add($"{at}/sms/body", parts.Sms?.Body);
            Add($"{at}/push/title", parts.Push?.Title);
            Add($"{at}/push/body", parts.Push?.Body);
            Add($"{at}/push/data", Indented(parts.Push?.Data));
        }

        void AddPartial(string at, PartialTexts partial)
        {
            Add($"{at}/html", partial.Html);
            Add($"{at}/text", partial.Text);
        }
    }

    private static string? Indented(JsonElement? value) => value is { ValueKind: not JsonValueKind.Null } given ? JsonSerializer.Serialize(given, Readable) : null;
}
