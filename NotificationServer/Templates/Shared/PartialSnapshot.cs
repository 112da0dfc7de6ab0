using System.Text.Json;
using System.Text.Json.Serialization;

namespace NotificationServer.Templates.Shared;

internal sealed record PartialCopy(int Version, PartialTexts Texts);

/// The partials that a template version uses, as they were when it was stored: it says the same for ever, and needs nothing else to be said.
internal sealed class PartialSnapshot(IReadOnlyDictionary<string, PartialCopy> copies)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static readonly PartialSnapshot Empty = new(new Dictionary<string, PartialCopy>());

    public IReadOnlyDictionary<string, PartialCopy> Copies => copies;

    public IEnumerable<string> Sources => copies.Values.SelectMany(copy => copy.Texts.Sources);

    /// What a text of this locale finds behind each name. One that has no text of this kind is not there.
    public IReadOnlyDictionary<string, string>? Texts(string? locale, bool html)
    {
        if (copies.Count == 0) return null;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, copy) in copies)
            if (copy.Texts.For(locale, html) is { } text) texts.Add(key, text);
        return texts;
    }

    public bool IsSameAs(PartialSnapshot other) => ToJson() == other.ToJson();

    /// Null where there are none.
    public string? ToJson() => copies.Count == 0 ? null
        : JsonSerializer.Serialize(copies.OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary(one => one.Key, one => one.Value), Json);

    public static PartialSnapshot FromJson(string? json) =>
        json is null ? Empty : new PartialSnapshot(JsonSerializer.Deserialize<Dictionary<string, PartialCopy>>(json, Json) ?? []);
}
