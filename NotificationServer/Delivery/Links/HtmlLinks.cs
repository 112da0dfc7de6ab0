using System.Net;
using System.Text;

namespace NotificationServer.Delivery.Links;

/// Finds the links of a mail's HTML and puts others in their place. It reads as browsers do where that matters (comments, quotes, elements
/// whose content is no markup), changes nothing but the values it is asked to change, and is no parser: the rest stays byte for byte.
internal static class HtmlLinks
{
    private static readonly string[] NoMarkupInside = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

    private readonly record struct Change(int Start, int End, string Text);

    /// Other: what stands in the place of a link; null: it stays. Extra: put in front of the last end of a body, or at the end.
    public static string Rewrite(string html, Func<string, string?>? other, string? extra)
    {
        var changes = new List<Change>();
        var (at, body) = (0, -1);
        while (at < html.Length && html.IndexOf('<', at) is >= 0 and var start)
        {
            var rest = html.AsSpan(start);
            if (rest.StartsWith("<!--", StringComparison.Ordinal)) at = After(html, "-->", start + 4);
            else if (rest.Length > 1 && char.IsAsciiLetter(rest[1])) at = Element(html, start, other, changes);
            else
            {
                if (rest.StartsWith("</body", StringComparison.OrdinalIgnoreCase)) body = start;
                at = start + 1;
            }
        }
        if (extra is not null) changes.Add(new Change(body < 0 ? html.Length : body, body < 0 ? html.Length : body, extra));
        return changes.Count == 0 ? html : Apply(html, changes);
    }

    /// Where the reading goes on: behind the tag, or behind the whole element whose content is no markup.
    private static int Element(string html, int start, Func<string, string?>? other, List<Change> changes)
    {
        var at = start + 1;
        while (at < html.Length && !EndsName(html[at])) at++;
        var name = html.AsSpan(start + 1, at - start - 1);
        var isLink = other is not null && (name.Equals("a", StringComparison.OrdinalIgnoreCase) || name.Equals("area", StringComparison.OrdinalIgnoreCase));
        var (href, isWanted) = ((Start: -1, End: -1), true);
        while (NextAttribute(html, ref at, out var attribute, out var value))
        {
            if (!isLink) continue;
            // Of two the first counts.
            if (href.Start < 0 && attribute.Equals("href", StringComparison.OrdinalIgnoreCase)) href = value;
            else if (attribute.Equals("data-track", StringComparison.OrdinalIgnoreCase) && html.AsSpan(value.Start, value.End - value.Start).Trim().Equals("off", StringComparison.OrdinalIgnoreCase)) isWanted = false;
        }
        if (isLink && isWanted && href.Start >= 0 && other!(WebUtility.HtmlDecode(html[href.Start..href.End]).Trim()) is { } link) // a link is only where there is another
            changes.Add(new Change(href.Start, href.End, link));
        foreach (var raw in NoMarkupInside)
            if (name.Equals(raw, StringComparison.OrdinalIgnoreCase)) return html.IndexOf($"</{raw}", at, StringComparison.OrdinalIgnoreCase) is >= 0 and var end ? end + 1 : html.Length;
        return at;
    }

    /// False: the tag is at its end, and the reading stands behind it.
    private static bool NextAttribute(string html, ref int at, out ReadOnlySpan<char> name, out (int Start, int End) value)
    {
        value = (at, at);
        name = default;
        while (at < html.Length && (char.IsWhiteSpace(html[at]) || html[at] == '/')) at++;
        if (at >= html.Length) return false;
        if (html[at] == '>')
        {
            at++;
            return false;
        }
        var start = at++;
        while (at < html.Length && html[at] != '=' && !EndsName(html[at])) at++;
        name = html.AsSpan(start, at - start);
        var next = at;
        while (next < html.Length && char.IsWhiteSpace(html[next])) next++;
        value = (at, at);
        if (next < html.Length && html[next] == '=') value = Value(html, next + 1, out at);
        return true;
    }

    private static (int Start, int End) Value(string html, int at, out int behind)
    {
        while (at < html.Length && char.IsWhiteSpace(html[at])) at++;
        if (at < html.Length && html[at] is '"' or '\'' && html.IndexOf(html[at], at + 1) is var end)
        {
            behind = end < 0 ? html.Length : end + 1;
            // A quote that nobody closed: what follows is no link that anybody could follow.
            return end < 0 ? (html.Length, html.Length) : (at + 1, end);
        }
        var start = at;
        while (at < html.Length && !char.IsWhiteSpace(html[at]) && html[at] != '>') at++;
        behind = at;
        return (start, at);
    }

    private static bool EndsName(char c) => char.IsWhiteSpace(c) || c is '/' or '>';

    private static int After(string html, string what, int from) =>
        from < html.Length && html.IndexOf(what, from, StringComparison.Ordinal) is >= 0 and var at ? at + what.Length : html.Length;

    private static string Apply(string html, List<Change> changes)
    {
        changes.Sort((one, other) => one.Start.CompareTo(other.Start));
        var text = new StringBuilder(html.Length + changes.Sum(change => change.Text.Length));
        var copied = 0;
        foreach (var change in changes)
        {
            text.Append(html, copied, change.Start - copied).Append(change.Text);
            copied = change.End;
        }
        return text.Append(html, copied, html.Length - copied).ToString();
    }
}
