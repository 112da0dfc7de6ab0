using HandlebarsDotNet;

namespace NotificationServer.Templates;

/// One text of a version, compiled when it is first needed and then shared by all threads.
internal sealed class CompiledText
{
    private readonly ScannedText scanned;
    private readonly Lazy<HandlebarsTemplate<TextWriter, object, object>> template;
    private readonly int maxBytes;
    private readonly bool singleLine;

    private CompiledText(ScannedText scanned, bool html, int maxBytes, bool singleLine)
    {
        (this.scanned, this.maxBytes, this.singleLine) = (scanned, maxBytes, singleLine);
        template = new(() => TemplateLanguage.Compile(scanned.Canonical, html));
    }

    public IEnumerable<string> Required => Variables.Where(variable => variable.Required).Select(variable => variable.Path);

    /// Every name that is mentioned, in the order in which they are met.
    public IReadOnlyList<TemplateVariable> Variables => scanned.Variables;

    /// Partials: the texts that this one may name, by key. Null if the text was refused; why is then in <paramref name="errors"/>.
    public static CompiledText? From(
        string? text, TextRule rule, string pointer, IReadOnlyDictionary<string, string>? partials, List<TemplateError> errors)
    {
        if (text is null || TagScanner.Scan(text, rule, pointer, partials, errors) is not { } scanned) return null;
        return new CompiledText(scanned, rule.Html, rule.MaxBytes, rule.SingleLine);
    }

    /// At save: what the scanner let through must also be a template to the parser.
    public void Check(string pointer, List<TemplateError> errors)
    {
        try
        {
            if (scanned.HasTags) _ = template.Value;
        }
        // Some of what it cannot make sense of the library says with an exception of the platform's.
        catch (Exception e) when (e is HandlebarsException or ArgumentException or InvalidOperationException)
        {
            errors.Add(new TemplateError(pointer, "template_syntax", e.Message));
        }
    }

    /// The text, or in <paramref name="problem"/> why not ("is longer than 2048 bytes").
    public string? Render(object? data, RenderBudget budget, Speech speech, out string? problem)
    {
        problem = null;
        try
        {
            using var writer = new BoundedWriter(budget, maxBytes);
            budget.BeginText(speech, scanned.Calls);
            // The root is what calls find their budget by.
            if (scanned.HasTags) template.Value(writer, data as PlainMap ?? new PlainMap(budget));
            else writer.Write(scanned.Source);
            var text = writer.ToString();
            return singleLine ? Lines.Collapse(text) : text;
        }
        catch (RenderStopped stopped)
        {
            problem = stopped.Message;
        }
        catch (Exception e) when (e is HandlebarsException or ArgumentException or InvalidOperationException)
        {
            problem = "cannot be rendered with this data";
        }
        return null;
    }
}

/// What a text is for decides how it is escaped and how long it may become.
internal readonly record struct TextRule(int MaxBytes, bool Html = false, bool SingleLine = false, bool PlainBlanks = false)
{
    public static readonly TextRule Title = new(1024, SingleLine: true);
    public static readonly TextRule PushBody = new(4 * 1024);
    public static readonly TextRule PushData = new(4 * 1024);
    public static readonly TextRule Sms = new(2 * 1024, PlainBlanks: true);
    public static readonly TextRule Subject = new(1024, SingleLine: true);
    public static readonly TextRule MailText = new(64 * 1024);
    public static readonly TextRule MailHtml = new(64 * 1024, Html: true);
}
