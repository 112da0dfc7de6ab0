using System.Text.RegularExpressions;

namespace NotificationServer.Delivery.Links;

/// Finds the links of a text as mail programs and phones do: to the next blank, without what ends a sentence.
internal static partial class TextLinks
{
    /// Other: what stands in the place of a link; null: it stays.
    public static string Rewrite(string text, Func<string, string?> other) => Link().Replace(text, found => other(found.Value) ?? found.Value);

    public static IEnumerable<string> In(string text) => Link().Matches(text).Select(found => found.Value).Distinct(StringComparer.Ordinal);

    // The last sign is none that closes a sentence or a bracket around the link.
    [GeneratedRegex("""(?<![\w])https?://[^\s<>"'`\[\]{}|\\^]*[^\s<>"'`\[\]{}|\\^.,;:!?()]""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
