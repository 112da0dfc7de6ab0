using System.Text.Json;
using System.Text.Json.Serialization;
using NotificationServer.Channels;

namespace NotificationServer.Templates;

/// A version's sources as they are written, sent over REST and stored in template_versions.parts. Locales: BCP 47 tag -> the parts
/// that are said differently there; a family that a locale leaves out is said in the next one of its chain, last in the default.
internal sealed record TemplateParts(PushPart? Push = null, SmsPart? Sms = null, EmailPart? Email = null)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// What the parts outside of <see cref="Locales"/> are written in; null: as the server's option says.
    public string? DefaultLocale { get; init; }

    public IReadOnlyDictionary<string, TemplateParts>? Locales { get; init; }

    public bool Has(ChannelFamily family) => family switch
    {
        ChannelFamily.Push => Push is not null,
        ChannelFamily.Sms => Sms is not null,
        ChannelFamily.Email => Email is not null,
    };

    public IEnumerable<string> Sources(ChannelFamily family)
    {
        string?[] texts = family switch
        {
            ChannelFamily.Push => [Push?.Title, Push?.Body, .. Push?.DataTexts ?? []],
            ChannelFamily.Sms => [Sms?.Body],
            ChannelFamily.Email => [Email?.Subject, Email?.Html, Email?.Text],
        };
        return texts.OfType<string>();
    }

    /// Of every locale and channel.
    [JsonIgnore]
    public IEnumerable<string> AllSources =>
        Enum.GetValues<ChannelFamily>().SelectMany(Sources).Concat(Locales?.Values.SelectMany(other => other.AllSources) ?? []);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static TemplateParts FromJson(string json) =>
        JsonSerializer.Deserialize<TemplateParts>(json, Json) ?? new TemplateParts();
}

internal sealed record PushPart(string? Title = null, string? Body = null, JsonElement? Data = null)
{
    [JsonIgnore]
    public IEnumerable<string> DataTexts => Data is { } data ? TextsIn(data) : [];

    private static IEnumerable<string> TextsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString() ?? ""],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => TextsIn(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(TextsIn),
        _ => [],
    };
}

internal sealed record SmsPart(string? Body = null);

internal sealed record EmailPart(string? Subject = null, string? Html = null, string? Text = null);
