using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Templates;

/// The texts of a version in one locale, compiled. Immutable, shared.
internal sealed class Words
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(200);
    private const int MaxSteps = 250_000;

    private readonly CompiledText? title, body, sms, subject, html, text;
    private readonly PushData? data;
    private readonly List<TemplateError> errors = [];
    private readonly IReadOnlyList<string>[] required;
    private readonly string at;

    /// At: where the parts stand in a request, `/channels` or `/locales/de`.
    public Words(string? locale, TemplateParts parts, PartialSnapshot partials, string at)
    {
        (Locale, Parts, this.at) = (locale, parts, at);
        var (plain, marked) = (partials.Texts(locale, html: false), partials.Texts(locale, html: true));
        title = CompiledText.From(parts.Push?.Title, TextRule.Title, $"{at}/push/title", plain, errors);
        body = CompiledText.From(parts.Push?.Body, TextRule.PushBody, $"{at}/push/body", plain, errors);
        data = PushData.From(parts.Push?.Data, $"{at}/push/data", plain, errors);
        sms = CompiledText.From(parts.Sms?.Body, TextRule.Sms, $"{at}/sms/body", plain, errors);
        subject = CompiledText.From(parts.Email?.Subject, TextRule.Subject, $"{at}/email/subject", plain, errors);
        html = CompiledText.From(parts.Email?.Html, TextRule.MailHtml, $"{at}/email/html", marked, errors);
        text = CompiledText.From(parts.Email?.Text, TextRule.MailText, $"{at}/email/text", plain, errors);
        // Asked for with every message, hence worked out once.
        required = [.. Enum.GetValues<ChannelFamily>().Select(family => (IReadOnlyList<string>)
            [.. Texts(family).SelectMany(one => one.Required).Distinct(StringComparer.Ordinal)])];
    }

    /// Null: nobody said which the default is.
    public string? Locale { get; }

    public TemplateParts Parts { get; }

    public IReadOnlyList<TemplateError> Errors => errors;

    /// Names that are printed whatever the data is, the server's own links among them.
    public IReadOnlyList<string> Required(ChannelFamily family) => required[(int)family];

    public IEnumerable<CompiledText> Texts(ChannelFamily family)
    {
        CompiledText?[] texts = family switch
        {
            ChannelFamily.Push => [title, body, .. data?.Texts ?? []],
            ChannelFamily.Sms => [sms],
            ChannelFamily.Email => [subject, html, text],
        };
        return texts.OfType<CompiledText>();
    }

    public IReadOnlyList<TemplateError> CheckAll()
    {
        var found = new List<TemplateError>(errors);
        foreach (var (part, pointer) in new[]
        {
            (title, "push/title"), (body, "push/body"), (sms, "sms/body"), (subject, "email/subject"), (html, "email/html"), (text, "email/text"),
        }) part?.Check($"{at}/{pointer}", found);
        foreach (var part in data?.Texts ?? []) part.Check($"{at}/push/data", found);
        return found;
    }

    public RenderResult Render(ChannelFamily family, JsonElement values, TimeProvider clock, RenderSetting setting)
    {
        if (errors.Count > 0) return RenderResult.Failed($"{errors[0].Pointer}: {errors[0].Message}");

        var run = new Rendering(values, setting, new RenderBudget(clock, MaxTime, MaxSteps), Voices.Of(Locale, setting));
        var content = family switch
        {
            ChannelFamily.Push => new Content(Title: run.Text(title, "push title"), Body: run.Text(body, "push body"), Data: run.Data(data)),
            ChannelFamily.Sms => new Content(Text: run.Text(sms, "sms body")),
            ChannelFamily.Email => new Content(
                Subject: run.Text(subject, "email subject"), Html: run.Text(html, "email html"), Text: run.Text(text, "email text")),
        };

        if (run.Problem is { } problem) return RenderResult.Failed(problem);
        return content.CanSay(family) ? RenderResult.Of(content, Locale) : RenderResult.Failed($"{family.Name()}: nothing is left to say with this data");
    }

    /// One rendering of one family: the data is copied once, the budget is shared, the first problem ends it.
    private sealed class Rendering(JsonElement values, RenderSetting setting, RenderBudget budget, Speech speech)
    {
        private readonly object? data = PlainValues.Copy(values, setting, budget);

        public string? Problem { get; private set; }

        public string? Text(CompiledText? text, string name)
        {
            if (text is null || Problem is not null) return null;
            var rendered = text.Render(data, budget, speech, out var problem);
            if (problem is not null) Problem = $"{name} {problem}";
            return rendered;
        }

        public JsonElement? Data(PushData? template)
        {
            if (template is null || Problem is not null) return null;
            var rendered = template.Render(data, budget, speech, out var problem);
            if (problem is not null) Problem = $"push data {problem}";
            return rendered;
        }
    }
}
