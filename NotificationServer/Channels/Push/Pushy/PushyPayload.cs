using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Pushy;

/// The body of a send. An Android app is handed `data` and shows it itself (`title` and `message` are Pushy's own names there);
/// an iPhone shows `notification`.
internal static class PushyPayload
{
    public static void Write(Utf8JsonWriter json, PushMessage message, string? body, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteStartArray("to");
        json.WriteStringValue(message.Token);
        json.WriteEndArray();
        WriteMembers(json, message, body);
        json.WriteNumber("time_to_live", (long)PushLife.Of(message, now).TotalSeconds);
        // A repeat drops the first where that still waits: Pushy has no other key for it.
        json.WriteString("collapse_key", CollapseName.ForWebPush(message.CollapseKey ?? message.Id.ToString("N")));
        if (message.Channel is Channel.IosPush)
        {
            if (message.Background) json.WriteBoolean("content_available", true);
            if (message.Image is not null || Own(message, "mutable-content") is not null) json.WriteBoolean("mutable_content", true);
        }
        json.WriteEndObject();
    }

    /// What the limit counts: everything that travels to the device in one piece.
    public static void WriteContent(Utf8JsonWriter json, PushMessage message, string? body)
    {
        json.WriteStartObject();
        WriteMembers(json, message, body);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, PushMessage message, string? body)
    {
        var ios = message.Channel is Channel.IosPush;
        json.WriteStartObject("data");
        if (!ios && !message.Background)
        {
            if (!InData(message, "title")) json.Optional("title", message.Title);
            if (!InData(message, "message")) json.Optional("message", body);
            if (!InData(message, "image")) json.Optional("image", message.Image?.AbsoluteUri);
        }
        if (message.Data is { ValueKind: JsonValueKind.Object } data)
            foreach (var member in data.EnumerateObject()) member.WriteTo(json);
        json.WriteEndObject();
        if (ios && !message.Background) WriteNotification(json, message, body);
    }

    private static void WriteNotification(Utf8JsonWriter json, PushMessage message, string? body)
    {
        json.WriteStartObject("notification");
        json.Optional("title", message.Title);
        json.Optional("body", body);
        if (message.Badge is { } badge) json.WriteNumber("badge", badge);
        if (Own(message, "sound") is { } sound)
        {
            json.WritePropertyName("sound");
            sound.WriteTo(json);
        }
        else json.Optional("sound", message.Sound);
        json.Optional("category", message.Category);
        if (Own(message, "interruption-level") is { ValueKind: JsonValueKind.String } level) json.WriteString("interruption_level", level.GetString());
        json.WriteEndObject();
    }

    private static bool InData(PushMessage message, string name) =>
        message.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty(name, out _);

    private static JsonElement? Own(PushMessage message, string name) =>
        message.Aps is { ValueKind: JsonValueKind.Object } own && own.TryGetProperty(name, out var value) ? value : null;
}
