namespace NotificationServer.Templates.Lint;

/// One tag of an HTML text. Values are as written, with the template's own tags in them.
internal sealed record HtmlTag(string Name, int Line, IReadOnlyDictionary<string, string> Attributes);

/// Reads the start tags of an HTML text that has template tags in it. It is no HTML parser: it finds links and images for lint, and
/// whatever it cannot read it passes over.
internal static class HtmlReader
{
    // Stands for each character of a template tag, so that quotes and brackets inside it are not taken for HTML's.
    private const char Mask = '\uE000';

    public static IEnumerable<HtmlTag> Tags(string html)
    {
        var masked = Masked(html);
        var (line, counted) = (1, 0);
        for (var at = 0; (at = masked.IndexOf('<', at)) >= 0;)
        {
            if (masked.AsSpan(at).StartsWith("<!--"))
            {
                var end = masked.IndexOf("-->", at, StringComparison.Ordinal);
                at = end < 0 ? masked.Length : end + 3;
                continue;
            }
            line += masked.AsSpan(counted, at - counted).Count('\n');
            counted = at;
            at++;
            if (at >= masked.Length || !char.IsAsciiLetter(masked[at])) continue;
            yield return Read(html, masked, ref at, line);
        }
    }

    private static HtmlTag Read(string html, string masked, ref int at, int line)
    {
        var name = Word(masked, ref at);
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (at < masked.Length && masked[at] != '>')
        {
            if (char.IsWhiteSpace(masked[at]) || masked[at] is '/' or Mask)
            {
                at++;
                continue;
            }
            var attribute = Word(masked, ref at);
            if (attribute.Length == 0)
            {
                at++;
                continue;
            }
            attributes.TryAdd(attribute, Value(html, masked, ref at));
        }
        return new HtmlTag(name.ToLowerInvariant(), line, attributes);
    }

    private static string Word(string masked, ref int at)
    {
        var start = at;
        while (at < masked.Length && !char.IsWhiteSpace(masked[at]) && masked[at] is not ('>' or '=' or '/' or '"' or '\'' or Mask)) at++;
        return masked[start..at];
    }

    private static string Value(string html, string masked, ref int at)
    {
        while (at < masked.Length && char.IsWhiteSpace(masked[at])) at++;
        if (at >= masked.Length || masked[at] != '=') return "";
        at++;
        while (at < masked.Length && char.IsWhiteSpace(masked[at])) at++;
        if (at >= masked.Length) return "";

        var quote = masked[at];
        var start = quote is '"' or '\'' ? ++at : at;
        if (quote is '"' or '\'')
        {
            while (at < masked.Length && masked[at] != quote) at++;
            var value = html[start..at];
            at = Math.Min(masked.Length, at + 1);
            return value;
        }
        while (at < masked.Length && !char.IsWhiteSpace(masked[at]) && masked[at] != '>') at++;
        return html[start..at];
    }

    private static string Masked(string html)
    {
        var masked = html.ToCharArray();
        for (var at = 0; (at = html.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            var end = html.IndexOf("}}", at, StringComparison.Ordinal);
            end = end < 0 ? html.Length : end + 2;
            for (var i = at; i < end; i++)
                if (masked[i] != '\n') masked[i] = Mask;
            at = end;
        }
        return new string(masked);
    }
}
