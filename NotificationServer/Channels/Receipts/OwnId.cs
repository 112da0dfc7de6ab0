using System.Text.RegularExpressions;

namespace NotificationServer.Channels.Receipts;

/// Our id of a message in whatever a provider or a mail server carried it: with or without hyphens, prefix or angle brackets.
internal static partial class OwnId
{
    private const int Longest = 1000;

    public static Guid? In(string? text)
    {
        if (text is null or { Length: > Longest }) return null;
        foreach (var found in Id().EnumerateMatches(text))
            if (Guid.TryParse(text.AsSpan(found.Index, found.Length), out var id) && id.Version == 7) return id;
        return null;
    }

    [GeneratedRegex("(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![0-9A-Fa-f])", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
