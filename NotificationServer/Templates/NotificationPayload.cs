using System.Text.Json;
using System.Text.Json.Serialization;

namespace NotificationServer.Templates;

/// What a notification keeps of its request so that every attempt says the same words: written at intake, read before a send.
internal sealed record NotificationPayload
{
    public Content? Content { get; init; }
    public JsonElement? Data { get; init; }
    public EmailOverrides? Email { get; init; }
    public PushOverrides? Push { get; init; }
    public string? CollapseKey { get; init; }
    /// False: it is sent in the person's quiet hours too.
    public bool? RespectQuietHours { get; init; }
    /// True: it is sent to those too who were told often enough of its category. Only a campaign says so.
    public bool? IgnoreFrequencyCap { get; init; }
    /// The caller's own notes: given back, never sent.
    public JsonElement? Metadata { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, PayloadJson.Default.NotificationPayload);

    public static NotificationPayload FromJson(string json) =>
        JsonSerializer.Deserialize(json, PayloadJson.Default.NotificationPayload) ?? new NotificationPayload();
}

internal sealed record EmailOverrides(string? From = null, string? FromName = null, string? ReplyTo = null, string? Provider = null);

internal sealed record PushOverrides(int? Badge = null, string? Sound = null, int? TtlSeconds = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NotificationPayload))]
internal sealed partial class PayloadJson : JsonSerializerContext;
