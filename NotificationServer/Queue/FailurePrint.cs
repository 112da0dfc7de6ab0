using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NotificationServer.Platform;

namespace NotificationServer.Queue;

/// What makes two failures the same one: channel, provider, code, and the words without all that differs from message to
/// message. A group has one fingerprint for ever, so the rules below are part of the stored data.
internal readonly partial record struct FailurePrint(string Fingerprint, string Summary)
{
    private const int LongestSummary = 200;

    public static FailurePrint Of(string channel, string? provider, string? code, string text)
    {
        var summary = Normalise(text);
        // A separator that no part contains: the parts cannot run into one another.
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', channel, provider, code, summary)));
        return new FailurePrint(Convert.ToHexStringLower(digest.AsSpan(0, 12)), summary);
    }

    public static string Normalise(string text)
    {
        // The order matters: a quoted part may hold any of the others, an address holds numbers, an id holds hex.
        var words = Quoted().Replace(text, "<text>");
        words = Link().Replace(words, "<url>");
        words = MailAddress().Replace(words, "<address>");
        words = NetworkAddress().Replace(words, "<address>");
        words = Token().Replace(words, "<id>");
        words = Hex().Replace(words, "<id>");
        words = Number().Replace(words, "<n>");
        return Space().Replace(words, " ").Trim().Storable(LongestSummary);
    }

    // An apostrophe inside a word opens no quotation.
    [GeneratedRegex("""\"[^\"]*\"|`[^`]*`|(?<!\w)'[^']*'(?!\w)|“[^”]*”""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\bhttps?://\S+", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\s<>,;:()]+@[^\s<>,;:()]+")]
    private static partial Regex MailAddress();

    [GeneratedRegex(@"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}(?![\w:])")]
    private static partial Regex NetworkAddress();

    // A UUID, or a long run of letters and digits mixed: a device token, a request id.
    [GeneratedRegex(@"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16,}(?![\w-])")]
    private static partial Regex Token();

    [GeneratedRegex(@"\b0x[0-9a-fA-F]+\b|\b(?=[0-9a-fA-F]*\d)(?=[0-9]*[a-fA-F])[0-9a-fA-F]{6,}\b")]
    private static partial Regex Hex();

    [GeneratedRegex(@"\+?\d+(?:[.,:]\d+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
