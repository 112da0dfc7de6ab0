using System.Text.RegularExpressions;

namespace NotificationServer.Admin.Ui;

/// Texts on one line, with commas between them. One that would be read otherwise stands in quotes, with its own quotes doubled.
internal static partial class CommaList
{
    public static string Join(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => IsPlain(text) ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));

    /// Quotes count only around a whole text, so that nobody has to know of them to write 5" nails.
    public static string[] Split(string? line) =>
        [.. Part().Matches(line ?? "").Select(part => part.Groups["quoted"] is { Success: true } quoted
            ? quoted.Value.Replace("\"\"", "\"", StringComparison.Ordinal)
            : part.Groups["plain"].Value.Trim() is { Length: > 0 } plain ? plain : null).OfType<string>()];

    private static bool IsPlain(string text) => text.Length > 0 && text[0] != '"' && !text.Contains(',', StringComparison.Ordinal) && text == text.Trim();

    [GeneratedRegex("""\G\s*(?:"(?<quoted>(?:[^"]|"")*)"\s*(?=,|\z)|(?<plain>[^,]*))(?:,|\z)""", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
