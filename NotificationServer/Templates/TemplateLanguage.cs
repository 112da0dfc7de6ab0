using System.Globalization;
using HandlebarsDotNet;

namespace NotificationServer.Templates;

/// Handlebars, set up once for HTML and once for plain words. It only ever gets text that <see cref="TagScanner"/> has rewritten.
internal static class TemplateLanguage
{
    /// No template can write this name: the scanner puts it where a variable starts a link.
    public const string LinkHelper = "$link";

    private static readonly IHandlebars Html = Create(escape: true);
    private static readonly IHandlebars Plain = Create(escape: false);

    public static HandlebarsTemplate<TextWriter, object, object> Compile(string canonical, bool html)
    {
        using var reader = new StringReader(canonical);
        return (html ? Html : Plain).Compile(reader);
    }

    private static IHandlebars Create(bool escape)
    {
        var configuration = new HandlebarsConfiguration { FormatProvider = CultureInfo.InvariantCulture, NoEscape = !escape };
        configuration.ObjectDescriptorProviders.Add(new PlainDescriptors());
        configuration.FormatterProviders.Add(new PlainFormatter());

        var handlebars = Handlebars.Create(configuration);
        handlebars.RegisterHelper(LinkHelper, (output, _, arguments) =>
        {
            if (arguments[0] is string link) output.Write(SafeLink.Of(link));
            else output.Write(arguments[0]);
        });
        return handlebars;
    }
}
