using System.Text.Json;
using System.Text.Json.Serialization;

namespace NotificationServer.Templates.Shared;

/// A partial as written: one text for HTML, one for plain words, and what is said differently in a locale. A locale without a text
/// has that of the next in its chain.
internal sealed record PartialTexts(string? Html = null, string? Text = null)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public IReadOnlyDictionary<string, PartialTexts>? Locales { get; init; }

    [JsonIgnore]
    public IEnumerable<string> Sources =>
        new[] { Html, Text }.OfType<string>().Concat(Locales?.Values.SelectMany(other => other.Sources) ?? []);

    public string? For(string? locale, bool html)
    {
        for (; locale is not null; locale = LocaleChain.Next(locale))
        {
            foreach (var (tag, other) in Locales ?? new Dictionary<string, PartialTexts>())
                if (LocaleChain.Comparer.Equals(tag, locale) && (html ? other.Html : other.Text) is { } own) return own;
        }
        return html ? Html : Text;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static PartialTexts FromJson(string json) => JsonSerializer.Deserialize<PartialTexts>(json, Json) ?? new PartialTexts();
}
