using System.Text.Json;
using NotificationServer.Templates;

namespace NotificationServer.Tests.Templates;

/// One text by itself: what it says in a locale and a zone, or why it does not.
internal static class Spoken
{
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(200);
    private const int Steps = 250_000;

    public static string Sms(string template, string data = "{}", string locale = "", string zone = "UTC") => Say(template, TextRule.MailText, data, locale, zone);

    public static string Html(string template, string data = "{}", string locale = "", string zone = "UTC") => Say(template, TextRule.MailHtml, data, locale, zone);

    /// The words; `problem: ...` if it could not be rendered; `refused: ...` if it could not be saved.
    public static string Say(
        string template, TextRule rule, string data, string locale = "", string zone = "UTC", IReadOnlyDictionary<string, string>? partials = null)
    {
        var errors = new List<TemplateError>();
        var text = CompiledText.From(template, rule, "/t", partials, errors);
        text?.Check("/t", errors);
        if (text is null || errors.Count > 0) return $"refused: {string.Join("; ", errors.Select(e => $"{e.Code} {e.Message}"))}";

        var budget = new RenderBudget(TimeProvider.System, Time, Steps);
        using var document = JsonDocument.Parse(data);
        var said = text.Render(PlainValues.Copy(document.RootElement, budget), budget, Speech.Of(locale, zone), out var problem);
        return said ?? $"problem: {problem}";
    }

    public static IReadOnlyList<TemplateVariable> Variables(string template) =>
        CompiledText.From(template, TextRule.MailText, "/t", null, [])?.Variables ?? [];
}
