using System.Text.RegularExpressions;

namespace NotificationServer.Templates.Shared;

/// What must hold before a partial is stored. It is read as a template would read it that includes it in plain words, as a layout
/// around a word: what stands wrong in the one place where it is used is found when that template is stored.
internal static partial class PartialRules
{
    private const int MaxLocales = TemplateRules.MaxLocales;

    public static IReadOnlyList<TemplateError> Check(string key, string name, PartialTexts texts, PartialSnapshot others)
    {
        List<TemplateError> errors = [.. TemplateRules.CheckName(name)];
        if (!Key().IsMatch(key)) errors.Add(new("/key", "invalid_key", "1 to 100 of a-z, 0-9, - and _, beginning with a letter or a digit"));
        if (texts is { Html: null, Text: null }) errors.Add(new("", "required", "html, text or both"));
        errors.AddRange(CheckLocales(texts));
        if (errors.Count > 0) return errors;

        var all = new PartialSnapshot(new Dictionary<string, PartialCopy>(others.Copies) { [key] = new PartialCopy(0, texts) });
        foreach (var (locale, one, at) in Variants(texts))
        {
            Read(one.Html, TextRule.MailHtml, locale, html: true, $"{at}/html");
            Read(one.Text, TextRule.MailText, locale, html: false, $"{at}/text");
        }
        return errors;

        void Read(string? text, TextRule rule, string? locale, bool html, string at)
        {
            if (text is null) return;
            CompiledText.From($"{{{{#> {key}}}}}word{{{{/{key}}}}}", rule, at, all.Texts(locale, html), errors)?.Check(at, errors);
        }
    }

    private static IEnumerable<(string? Locale, PartialTexts Texts, string At)> Variants(PartialTexts texts) =>
        (texts.Locales ?? new Dictionary<string, PartialTexts>()).Select(one => ((string?)one.Key, one.Value, $"/locales/{one.Key}")).Prepend((null, texts, ""));

    private static IEnumerable<TemplateError> CheckLocales(PartialTexts texts)
    {
        if (texts.Locales?.Count > MaxLocales) yield return new("/locales", "too_many", $"at most {MaxLocales}");
        var seen = new HashSet<string>(LocaleChain.Comparer);
        foreach (var (locale, other) in (texts.Locales ?? new Dictionary<string, PartialTexts>()).Take(MaxLocales))
        {
            var at = $"/locales/{locale}";
            if (!LocaleChain.IsTag(locale)) yield return new(at, "invalid_locale", "Use a BCP 47 tag such as de or de-CH");
            else if (!seen.Add(locale)) yield return new(at, "duplicate", "there twice, but for capital letters");
            if (other is { Html: null, Text: null }) yield return new(at, "required", "html, text or both");
            // Else a template of another locale would find nothing behind the name.
            if (other.Html is not null && texts.Html is null) yield return new($"{at}/html", "no_default", "there is no html for all other locales");
            if (other.Text is not null && texts.Text is null) yield return new($"{at}/text", "no_default", "there is no text for all other locales");
        }
    }

    // As the table has it, and the language.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
