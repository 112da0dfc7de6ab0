using System.Buffers;
using System.Globalization;
using System.Text;

namespace NotificationServer.Templates.Html;

/// Style sheets: what a variable may bring into a style attribute, and what the writer may not put into one.
internal static class SafeCss
{
    // No parenthesis, colon, semicolon, slash, backslash or quote: no function, no second property, no link, no comment.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#%., -_+");

    private static readonly string[] Active = ["javascript:", "vbscript:", "data:", "expression(", "behavior:", "-moz-binding"];

    /// `#0a6` and `12px` are written as they are; what could be more than a value is left out.
    public static string Of(string value) => value.AsSpan().IndexOfAnyExcept(Plain) < 0 ? value : "";

    /// Null if nothing in it runs; else what would.
    public static string? Problem(string css)
    {
        var seen = Seen(css);
        return Active.FirstOrDefault(active => seen.Contains(active, StringComparison.OrdinalIgnoreCase)) is { } found ? $"a style may not hold '{found}'" : null;
    }

    // As a client sees it: without comments, blanks and escapes.
    private static string Seen(string css)
    {
        var seen = new StringBuilder(css.Length);
        for (var i = 0; i < css.Length; i++)
        {
            if (css[i] == '/' && i + 1 < css.Length && css[i + 1] == '*')
            {
                var end = css.IndexOf("*/", i + 2, StringComparison.Ordinal);
                if (end < 0) break;
                i = end + 1;
            }
            else if (css[i] == '\\') i += Escaped(css.AsSpan(i + 1), seen);
            else if (!char.IsWhiteSpace(css[i]) && !char.IsControl(css[i])) seen.Append(css[i]);
        }
        return seen.ToString();
    }

    private static int Escaped(ReadOnlySpan<char> rest, StringBuilder seen)
    {
        var digits = 0;
        while (digits < 6 && digits < rest.Length && char.IsAsciiHexDigit(rest[digits])) digits++;
        if (digits == 0) return 0;
        var code = int.Parse(rest[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (Rune.IsValid(code)) seen.Append(new Rune(code).ToString());
        return digits;
    }
}
