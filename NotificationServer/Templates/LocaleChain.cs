using System.Text.RegularExpressions;

namespace NotificationServer.Templates;

/// The fallback of a BCP 47 tag: `de-CH-1996`, `de-CH`, `de`. Tags are the same whatever their case.
internal static partial class LocaleChain
{
    public static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    public static bool IsTag(string text) => text.Length <= 35 && Tag().IsMatch(text);

    public static string? Next(string locale) => locale.LastIndexOf('-') is > 0 and var end ? locale[..end] : null;

    public static bool SameLanguage(string one, string other) =>
        one.AsSpan(0, LanguageEnd(one)).Equals(other.AsSpan(0, LanguageEnd(other)), StringComparison.OrdinalIgnoreCase);

    private static int LanguageEnd(string locale) => locale.IndexOf('-') is > 0 and var end ? end : locale.Length;

    // As people's records have it.
    [GeneratedRegex(@"\A[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
