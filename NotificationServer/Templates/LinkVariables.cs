using System.Collections.Frozen;

namespace NotificationServer.Templates;

/// Variables that the server fills in itself, for whoever the message goes to: `{{unsubscribe_url}}` and `{{preferences_url}}`.
internal static class LinkVariables
{
    public const string Unsubscribe = "unsubscribe_url";
    public const string Preferences = "preferences_url";

    public static readonly FrozenSet<string> Names = FrozenSet.Create(StringComparer.Ordinal, Unsubscribe, Preferences);

    /// For looking at a template without anybody to send it to.
    public static readonly IReadOnlyDictionary<string, string> Examples = new Dictionary<string, string>
    {
        [Unsubscribe] = "https://example.org/u/example", [Preferences] = "https://example.org/p/example",
    };
}
