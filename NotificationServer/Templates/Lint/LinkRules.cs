using System.Text.RegularExpressions;

namespace NotificationServer.Templates.Lint;

internal static partial class LinkRules
{
    /// Dead, relative and forgotten links, in HTML and in plain words.
    public static IEnumerable<Finding> Links(LintSubject subject)
    {
        foreach (var part in subject.Parts)
        {
            if (part.Email?.Html is { } html)
                foreach (var finding in InHtml(html, part.In("html"), part.Locale)) yield return finding;
            foreach (var (text, where) in Plain(part))
                foreach (var finding in InWords(text, part.In(where), part.Locale)) yield return finding;
        }
        foreach (var partial in subject.Partials)
            foreach (var finding in InHtml(partial.Text, partial.Pointer, null)) yield return finding;
    }

    /// An image without words is nothing to those who do not see it, and most mail programs block images at first.
    public static IEnumerable<Finding> Images(LintSubject subject)
    {
        var texts = subject.Parts.Where(part => part.Email?.Html is not null).Select(part => (part.Email!.Html!, part.In("html"), part.Locale)) // filtered above
            .Concat(subject.Partials.Select(partial => (partial.Text, partial.Pointer, (string?)null)));
        return from text in texts
               from tag in HtmlReader.Tags(text.Item1)
               where tag.Name == "img" && !tag.Attributes.ContainsKey("alt")
               select new Finding(Severity.Warning, "image_without_alt", text.Item2, text.Item3,
                   $"Line {tag.Line}: an image without alt: nothing is there for whoever does not see it.", "Say in alt what it shows; alt=\"\" if it is decoration.");
    }

    private static IEnumerable<Finding> InHtml(string html, string pointer, string? locale) =>
        from tag in HtmlReader.Tags(html)
        let link = tag.Name switch { "a" or "area" => tag.Attributes.GetValueOrDefault("href"), "img" => tag.Attributes.GetValueOrDefault("src"), _ => null }
        where link is not null && !(tag.Name == "img" && link.TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        let problem = LinkCheck.Of(link)
        where problem is not null
        select new Finding(problem.Value.Severity, problem.Value.Code, pointer, locale,
            $"Line {tag.Line}: the {(tag.Name == "img" ? "image" : "link")} {problem.Value.Message}.", problem.Value.Mend);

    private static IEnumerable<Finding> InWords(string text, string pointer, string? locale) =>
        from Match url in Url().Matches(text)
        let problem = LinkCheck.OfWeb(url.Value.TrimEnd('.', ',', ';', ':', '!', '?', ')'))
        where problem is not null
        select new Finding(problem.Value.Severity, problem.Value.Code, pointer, locale,
            $"Line {text.AsSpan(0, url.Index).Count('\n') + 1}: {problem.Value.Message}.", problem.Value.Mend);

    private static IEnumerable<(string Text, string Where)> Plain(LintPart part)
    {
        if (part.Email?.Text is { } text) yield return (text, "text");
        if (part.Sms?.Body is { } sms) yield return (sms, "body");
        if (part.Push?.Body is { } body) yield return (body, "body");
    }

    [GeneratedRegex(@"https?://[^\s""'<>]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Url();
}
