using System.Collections.Concurrent;
using System.Text.Json;
using NotificationServer.Templates;

namespace NotificationServer.Tests.Templates;

/// One text by itself: what it says in a locale and a zone, or why it does not.
internal static class Spoken
{
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(200);
    private const int Steps = 250_000;
    // Compiling is most of the work, and many tests say the same text with other data.
    private static readonly ConcurrentDictionary<(string Template, TextRule Rule), CompiledText> Known = new();

    public static string Sms(string template, string data = "{}", string locale = "", string zone = "UTC") => Say(template, TextRule.MailText, data, locale, zone);

    public static string Html(string template, string data = "{}", string locale = "", string zone = "UTC") => Say(template, TextRule.MailHtml, data, locale, zone);

    /// The words; `problem: ...` if it could not be rendered; `refused: ...` if it could not be saved.
    public static string Say(
        string template, TextRule rule, string data, string locale = "", string zone = "UTC", IReadOnlyDictionary<string, string>? partials = null)
    {
        var errors = new List<TemplateError>();
        var known = partials is null ? Known.GetValueOrDefault((template, rule)) : null;
        var text = known ?? CompiledText.From(template, rule, "/t", partials, errors);
        if (known is null) text?.Check("/t", errors);
        if (text is null || errors.Count > 0) return $"refused: {string.Join("; ", errors.Select(e => $"{e.Code} {e.Message}"))}";
        if (partials is null && template.Length < 500) Known.TryAdd((template, rule), text);

        var budget = new RenderBudget(TimeProvider.System, Time, Steps);
        using var document = JsonDocument.Parse(data);
        var said = text.Render(PlainValues.Copy(document.RootElement, budget), budget, Speech.Of(locale, zone), out var problem);
        return said ?? $"problem: {problem}";
    }

    public static IReadOnlyList<TemplateVariable> Variables(string template) =>
        CompiledText.From(template, TextRule.MailText, "/t", null, [])?.Variables ?? [];
}
