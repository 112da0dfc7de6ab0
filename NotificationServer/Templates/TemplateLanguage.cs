using System.Globalization;
using HandlebarsDotNet;

namespace NotificationServer.Templates;

/// Handlebars, set up for HTML and for plain words. It only ever gets text that <see cref="TagScanner"/> has rewritten.
internal sealed class TemplateLanguage
{
    // The library keeps every path that it ever parsed. A new one after so many texts lets go of those that nobody uses any more.
    private const int TextsEach = 1_000;

    private static readonly TemplateLanguage Html = new(escape: true);
    private static readonly TemplateLanguage Plain = new(escape: false);

    private readonly bool escape;
    private volatile IHandlebars current;
    private int texts;

    private TemplateLanguage(bool escape) => (this.escape, current) = (escape, Create(escape));

    public static HandlebarsTemplate<TextWriter, object, object> Compile(string canonical, bool html) => (html ? Html : Plain).Compile(canonical);

    private HandlebarsTemplate<TextWriter, object, object> Compile(string canonical)
    {
        if (Interlocked.Increment(ref texts) % TextsEach == 0) current = Create(escape);
        using var reader = new StringReader(canonical);
        return current.Compile(reader);
    }

    private static IHandlebars Create(bool escape)
    {
        var configuration = new HandlebarsConfiguration
        {
            FormatProvider = CultureInfo.InvariantCulture, NoEscape = !escape, TextEncoder = escape ? new HtmlText() : null,
        };
        configuration.ObjectDescriptorProviders.Add(new PlainDescriptors());
        configuration.FormatterProviders.Add(new PlainFormatter());

        var handlebars = Handlebars.Create(configuration);
        handlebars.RegisterHelper(new CallSite());
        return handlebars;
    }
}
