using System.Text;

namespace NotificationServer.Templates;

internal static class Lines
{
    private static readonly char[] Breaking = [.. Enumerable.Range(0, char.MaxValue).Select(c => (char)c).Where(Breaks)];

    /// One line, whatever a variable brought: a line break in a subject would begin a new mail header.
    public static string Collapse(string text)
    {
        if (!text.Any(Breaks)) return text.Trim();

        var line = new StringBuilder(text.Length);
        foreach (var word in text.Split(Breaking, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            line.Append(line.Length > 0 ? " " : "").Append(word);
        return line.ToString();
    }

    private static bool Breaks(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
