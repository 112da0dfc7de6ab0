using System.Collections.Frozen;
using System.Net;
using System.Text.RegularExpressions;

namespace NotificationServer.Templates.Html;

/// What a mail's HTML may be made of: what mail clients show. What they drop anyway, because it runs, submits or embeds, is
/// refused where the writer sees it, instead of being taken out silently.
internal static partial class AllowedHtml
{
    private static readonly FrozenSet<string> Elements = Words("""
        html head title meta link style body a abbr acronym address area article aside b bdi bdo big blockquote br caption center cite
        code col colgroup dd del dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li
        main map mark nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub sup table tbody td tfoot th
        thead time tr tt u ul var wbr xml
        """);

    private static readonly FrozenSet<string> Attributes = Words("""
        abbr align alink alt axis background bgcolor border bordercolor bottommargin cellpadding cellspacing char charoff charset cite
        class clear color cols colspan compact content coords datetime decoding dir face fetchpriority frame headers height hidden href
        hreflang hspace http-equiv id ismap itemid itemprop itemref itemscope itemtype lang language leftmargin link loading longdesc
        marginheight marginwidth media name nohref noshade nowrap prefix property rel rev reversed rightmargin role rows rowspan rules
        scope shape size sizes span src srcset start style summary tabindex target text title topmargin translate type usemap valign
        value vlink vspace width xmlns
        """);

    private static readonly FrozenSet<string> Links = Words("href src background cite longdesc usemap itemid itemtype");
    private static readonly string[] OfOffice = ["v:", "o:", "w:", "x:"];
    private static readonly string[] Equivalents = ["content-type", "x-ua-compatible", "content-language", "default-style"];

    public static bool IsLink(string attribute) => Links.Contains(attribute);

    public static string? OfElement(string name) =>
        Elements.Contains(name) || IsOfOffice(name) ? null : $"<{Shown(name)}> is not for mail: clients drop or block it";

    public static string? OfAttribute(string element, string name)
    {
        if (name.StartsWith("on", StringComparison.OrdinalIgnoreCase)) return $"the attribute {Shown(name)} runs a script";
        if (Attributes.Contains(name) || name.StartsWith("data-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("aria-", StringComparison.OrdinalIgnoreCase)) return null;
        if (name.StartsWith("xml:", StringComparison.OrdinalIgnoreCase) || name.StartsWith("xmlns:", StringComparison.OrdinalIgnoreCase)) return null;
        // Outlook's own drawing language: its elements have attributes of their own.
        if (IsOfOffice(name) || IsOfOffice(element) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ':')) return null;
        return $"the attribute {Shown(name)} is not for mail";
    }

    public static string? OfValue(string element, string attribute, string value)
    {
        var decoded = WebUtility.HtmlDecode(value);
        var read = attribute.ToLowerInvariant() is "style" or "srcset" or "http-equiv";
        if (read && UnknownEntity().IsMatch(decoded)) return $"an entity in {attribute}: write the character itself";
        if (attribute.Equals("style", StringComparison.OrdinalIgnoreCase)) return SafeCss.Problem(decoded);
        if (attribute.Equals("http-equiv", StringComparison.OrdinalIgnoreCase) && !Equivalents.Contains(decoded.Trim(), StringComparer.OrdinalIgnoreCase))
            return "a mail cannot send its reader elsewhere: http-equiv may be content-type, content-language, x-ua-compatible or default-style";
        if (attribute.Equals("srcset", StringComparison.OrdinalIgnoreCase) && decoded.Split([',', ' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Any(part => SafeLink.Of(part) != part))
            return "a picture comes from an https: or http: address";
        return null;
    }

    private static bool IsOfOffice(string name) => Array.Exists(OfOffice, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static string Shown(string name) => name.Length <= 30 ? name : name[..30] + "…";

    private static FrozenSet<string> Words(string words) =>
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // HTML has two thousand of them; those that .NET does not know could hide a colon.
    [GeneratedRegex("&[A-Za-z]+;", RegexOptions.NonBacktracking)]
    private static partial Regex UnknownEntity();
}
