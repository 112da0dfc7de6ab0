using System.Text.Json;
using NotificationServer.Channels;

namespace NotificationServer.Templates;

/// All texts of one version, compiled. Immutable, shared.
internal sealed class Wording
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(200);
    private const int MaxSteps = 250_000;

    private readonly TemplateParts parts;
    private readonly CompiledText? title, body, sms, subject, html, text;
    private readonly PushData? data;
    private readonly List<TemplateError> errors = [];

    public Wording(TemplateParts parts)
    {
        this.parts = parts;
        title = CompiledText.From(parts.Push?.Title, TextRule.Title, "/channels/push/title", partials: null, errors);
        body = CompiledText.From(parts.Push?.Body, TextRule.PushBody, "/channels/push/body", partials: null, errors);
        data = PushData.From(parts.Push?.Data, "/channels/push/data", partials: null, errors);
        sms = CompiledText.From(parts.Sms?.Body, TextRule.Sms, "/channels/sms/body", partials: null, errors);
        subject = CompiledText.From(parts.Email?.Subject, TextRule.Subject, "/channels/email/subject", partials: null, errors);
        html = CompiledText.From(parts.Email?.Html, TextRule.MailHtml, "/channels/email/html", partials: null, errors);
        text = CompiledText.From(parts.Email?.Text, TextRule.MailText, "/channels/email/text", partials: null, errors);
    }

    /// What the rules refused. A version that was stored under older rules may have some; it then renders to an error.
    public IReadOnlyList<TemplateError> Errors => errors;

    public bool CanSay(ChannelFamily family) => parts.Has(family);

    public bool WantsLinks(ChannelFamily family) => Sources(family).Any(text => LinkVariables.Names.Any(name => text.Contains(name, StringComparison.Ordinal)));

    public IEnumerable<string> Required(ChannelFamily family) => Texts(family).SelectMany(t => t.Required);

    public IEnumerable<TemplateVariable> Variables(ChannelFamily family, string? locale) => Texts(family).SelectMany(t => t.Variables);

    public IReadOnlyList<TemplateError> CheckAll()
    {
        var found = new List<TemplateError>(errors);
        foreach (var (part, pointer) in new[]
        {
            (title, "/channels/push/title"), (body, "/channels/push/body"), (sms, "/channels/sms/body"),
            (subject, "/channels/email/subject"), (html, "/channels/email/html"), (text, "/channels/email/text"),
        }) part?.Check(pointer, found);
        foreach (var part in data?.Texts ?? []) part.Check("/channels/push/data", found);
        return found;
    }

    public RenderResult Render(ChannelFamily family, JsonElement values, TimeProvider clock, RenderSetting? setting = null)
    {
        if (!CanSay(family)) return RenderResult.Failed($"the template has no words for {family.Name()}");
        if (errors.Count > 0) return RenderResult.Failed($"{errors[0].Pointer}: {errors[0].Message}");

        var run = new Rendering(values, setting?.Links, new RenderBudget(clock, MaxTime, MaxSteps));
        var content = family switch
        {
            ChannelFamily.Push => new Content(Title: run.Text(title, "push title"), Body: run.Text(body, "push body"), Data: run.Data(data)),
            ChannelFamily.Sms => new Content(Text: run.Text(sms, "sms body")),
            ChannelFamily.Email => new Content(
                Subject: run.Text(subject, "email subject"), Html: run.Text(html, "email html"), Text: run.Text(text, "email text")),
        };

        if (run.Problem is { } problem) return RenderResult.Failed(problem);
        return content.CanSay(family) ? RenderResult.Of(content, parts.DefaultLocale) : RenderResult.Failed($"{family.Name()}: nothing is left to say with this data");
    }

    private IEnumerable<string> Sources(ChannelFamily family)
    {
        string?[] texts = family switch
        {
            ChannelFamily.Push => [parts.Push?.Title, parts.Push?.Body, parts.Push?.Data?.GetRawText()],
            ChannelFamily.Sms => [parts.Sms?.Body],
            ChannelFamily.Email => [parts.Email?.Subject, parts.Email?.Html, parts.Email?.Text],
        };
        return texts.OfType<string>();
    }

    private IEnumerable<CompiledText> Texts(ChannelFamily family)
    {
        CompiledText?[] texts = family switch
        {
            ChannelFamily.Push => [title, body, .. data?.Texts ?? []],
            ChannelFamily.Sms => [sms],
            ChannelFamily.Email => [subject, html, text],
        };
        return texts.OfType<CompiledText>();
    }

    /// One rendering of one family: the data is copied once, the budget is shared, the first problem ends it.
    private sealed class Rendering(JsonElement values, IReadOnlyDictionary<string, string>? links, RenderBudget budget)
    {
        private readonly object? data = PlainValues.Copy(values, links, budget);

        public string? Problem { get; private set; }

        public string? Text(CompiledText? text, string name)
        {
            if (text is null || Problem is not null) return null;
            var rendered = text.Render(data, budget, Speech.Neutral, out var problem);
            if (problem is not null) Problem = $"{name} {problem}";
            return rendered;
        }

        public JsonElement? Data(PushData? template)
        {
            if (template is null || Problem is not null) return null;
            var rendered = template.Render(data, budget, Speech.Neutral, out var problem);
            if (problem is not null) Problem = $"push data {problem}";
            return rendered;
        }
    }
}
