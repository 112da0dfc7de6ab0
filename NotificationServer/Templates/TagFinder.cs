namespace NotificationServer.Templates;

/// Where tags begin and end: the one answer for partials and for the scanner.
internal static class TagFinder
{
    public static int Next(string text, int from) => text.IndexOf("{{", from, StringComparison.Ordinal);

    /// What is inside the tag that begins at <paramref name="start"/>, and where the text goes on; -1 if it is never closed.
    public static (Range Inner, int End) Bounds(string text, int start)
    {
        var inner = start + 2;
        var bang = inner < text.Length && text[inner] == '~' ? inner + 1 : inner;
        if (string.CompareOrdinal(text, bang, "!--", 0, 3) == 0)
        {
            // A long comment may hold }} and ends at --}} or --~}}.
            for (var dashes = bang + 3; (dashes = text.IndexOf("--", dashes, StringComparison.Ordinal)) >= 0; dashes++)
            {
                var close = dashes + 2 < text.Length && text[dashes + 2] == '~' ? dashes + 3 : dashes + 2;
                if (string.CompareOrdinal(text, close, "}}", 0, 2) == 0) return (inner..close, close + 2);
            }
            return (default, -1);
        }

        var end = text.IndexOf("}}", inner, StringComparison.Ordinal);
        return end < 0 ? (default, -1) : (inner..end, end + 2);
    }

    /// Without the blanks and the ~ at its sides, which take away the white space around the tag.
    public static string Inside(string text, Range inner, out bool left, out bool right)
    {
        var inside = text.AsSpan()[inner];
        (left, right) = (inside.StartsWith("~"), inside.Length > 1 && inside.EndsWith("~"));
        return inside[(left ? 1 : 0)..(right ? ^1 : ^0)].Trim().ToString();
    }
}
