using System.Text;

namespace NotificationServer.Templates;

internal static class Lines
{
    /// One line, whatever a variable brought: a line break in a subject would begin a new mail header.
    public static string Collapse(string text)
    {
        if (!text.Any(Breaks)) return text.Trim();

        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!Breaks(c)) line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }
        return line.ToString().Trim();
    }

    private static bool Breaks(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
