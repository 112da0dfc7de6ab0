using System.Text.RegularExpressions;

namespace NotificationServer.Templates.Partials;

/// The partials that a text names, read roughly: one in a comment is found too, which costs a copy and no more.
internal static partial class PartialNames
{
    public const string Pattern = "[a-z0-9][a-z0-9_-]{0,62}";

    public static IEnumerable<string> In(string text) =>
        text.Contains("{{", StringComparison.Ordinal) ? Named().Matches(text).Select(found => found.Groups[1].Value).Distinct(StringComparer.Ordinal) : [];

    public static bool IsKey(string text) => Key().IsMatch(text);

    [GeneratedRegex(@"\{\{~?\s*#?>\s*(" + Pattern + ")", RegexOptions.NonBacktracking)]
    private static partial Regex Named();

    [GeneratedRegex(@"\A" + Pattern + @"\z", RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
