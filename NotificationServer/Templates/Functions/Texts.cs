using System.Globalization;
using NotificationServer.Templates.Html;

namespace NotificationServer.Templates.Functions;

internal static class Texts
{
    private const int MostGraphemes = 10_000;
    private const string InsertDefault = "default=";

    /// Makes a name optional: what is missing, empty or only blanks is replaced.
    public static Evaluation Default(CallParts parts)
    {
        var (given, otherwise) = (parts[0], parts[1]);
        return (in values, speech) => given(values, speech) is { } value && !IsEmpty(value) ? value : otherwise(values, speech);
    }

    /// `{{insert name "default=friend"}}`, as another mail service writes it.
    public static Evaluation? Insert(CallParts parts)
    {
        var given = parts[0];
        if (parts.Count == 1) return given;
        if (parts.Literal(1) is not string text || !text.StartsWith(InsertDefault, StringComparison.Ordinal)) return parts.Refuse($"what it says instead stands in \"{InsertDefault}...\"");
        var otherwise = text[InsertDefault.Length..];
        return (in values, speech) => given(values, speech) is { } value && !IsEmpty(value) ? value : otherwise;
    }

    /// At most so many letters as people count them, the ellipsis among them.
    public static Evaluation? Truncate(CallParts parts)
    {
        if (!parts.TryWhole(parts.Literal(1), given: true, 1, MostGraphemes, 0, "the length", out var most)) return null;
        if (parts.Named("ellipsis") is not null && parts.Literal("ellipsis") is not string) return parts.Refuse("ellipsis is a text in quotes");
        var (given, ellipsis) = (parts[0], parts.Literal("ellipsis") as string ?? "…");
        var kept = most - new StringInfo(ellipsis).LengthInTextElements;
        if (kept < 0) return parts.Refuse("the ellipsis is longer than the whole");
        return (in values, speech) => Truncate(Values.Text(given(values, speech)), most, kept, ellipsis);
    }

    public static Evaluation Upper(CallParts parts)
    {
        var given = parts[0];
        return (in values, speech) => Values.Text(given(values, speech)).ToUpper(speech.Culture);
    }

    public static Evaluation Lower(CallParts parts)
    {
        var given = parts[0];
        return (in values, speech) => Values.Text(given(values, speech)).ToLower(speech.Culture);
    }

    /// A whole link, or no message: where nothing else checks it (SMS, push, plain text).
    public static Evaluation Link(CallParts parts)
    {
        var (given, subject) = (parts[0], parts.Subject);
        return (in values, speech) => Values.Text(given(values, speech)) switch
        {
            "" => throw new RenderStopped(Values.Missing(subject)),
            var link when SafeLink.IsWhole(link) => link,
            _ => throw new RenderStopped($"cannot use {subject} as a link: it begins with https:, http:, mailto:, tel: or sms:"),
        };
    }

    public static Evaluation UrlEncode(CallParts parts)
    {
        var given = parts[0];
        return (in values, speech) => Uri.EscapeDataString(Values.Text(given(values, speech)));
    }

    private static bool IsEmpty(object value) => value switch
    {
        string text => string.IsNullOrWhiteSpace(text),
        PlainList list => list.Count == 0,
        _ => false,
    };

    private static string Truncate(string text, int most, int kept, string ellipsis)
    {
        if (text.Length <= most) return text; // no letter is shorter than one char
        var (at, end, count) = (0, 0, 0);
        while (at < text.Length && count <= most)
        {
            if (count == kept) end = at;
            at += StringInfo.GetNextTextElementLength(text.AsSpan(at));
            count++;
        }
        return count <= most && at == text.Length ? text : string.Concat(text.AsSpan(0, end).TrimEnd(), ellipsis);
    }
}
