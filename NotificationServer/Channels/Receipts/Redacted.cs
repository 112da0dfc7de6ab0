using System.Text.RegularExpressions;
using NotificationServer.Platform;

namespace NotificationServer.Channels.Receipts;

/// A provider's words without whom they are about: mail servers like to name the mailbox that they refuse.
internal static partial class Redacted
{
    private const int Longest = 300;

    public static string? Words(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var words = text.Storable(2 * Longest);
        words = MailAddress().Replace(words.Replace('\0', ' '), "<address>");
        words = Phone().Replace(words, "<number>");
        words = Space().Replace(words, " ").Trim().Storable(Longest);
        return words.Length > 0 ? words : null;
    }

    [GeneratedRegex(@"[^\s<>,;:()\[\]""']+@[^\s<>,;:()\[\]""']+", RegexOptions.CultureInvariant)]
    private static partial Regex MailAddress();

    [GeneratedRegex(@"(?<![\w.-])\+?[0-9]{9,15}(?![\w.-])", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();
}
