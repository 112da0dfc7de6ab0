using System.Text.Json;

namespace NotificationServer.Channels.Push;

/// Apple's `aps` object: sent by APNs itself, and by FCM on its behalf.
internal static class ApsPayload
{
    /// The whole payload: the app's own members beside `aps`.
    public static void Write(Utf8JsonWriter json, PushMessage message, string? body)
    {
        json.WriteStartObject();
        WriteData(json, message.Data);
        json.WritePropertyName("aps");
        WriteAps(json, message, body);
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, JsonElement? data)
    {
        if (data is not { ValueKind: JsonValueKind.Object } members) return;
        foreach (var member in members.EnumerateObject())
            if (!member.NameEquals("aps"u8)) member.WriteTo(json);
    }

    private static void WriteAps(Utf8JsonWriter json, PushMessage message, string? body)
    {
        json.WriteStartObject();
        if (message.Background) json.WriteNumber("content-available", 1);
        else WriteVisible(json, message, body);
        if (message.Aps is { ValueKind: JsonValueKind.Object } own)
            foreach (var member in own.EnumerateObject()) member.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteVisible(Utf8JsonWriter json, PushMessage message, string? body)
    {
        if (!Overridden(message, "alert")) WriteAlert(json, message, body);
        if (message.Badge is { } badge && !Overridden(message, "badge")) json.WriteNumber("badge", badge);
        if (message.Sound is { } sound && !Overridden(message, "sound")) json.WriteString("sound", sound);
        if (message.Category is { } category && !Overridden(message, "category")) json.WriteString("category", category);
        if (message.ThreadId is { } thread && !Overridden(message, "thread-id")) json.WriteString("thread-id", thread);
        // The app's extension loads the image; it runs only for mutable content.
        if (message.Image is not null && !Overridden(message, "mutable-content")) json.WriteNumber("mutable-content", 1);
    }

    private static void WriteAlert(Utf8JsonWriter json, PushMessage message, string? body)
    {
        if (message.Title is null && message.Subtitle is null)
        {
            if (body is not null) json.WriteString("alert", body);
            return;
        }

        json.WriteStartObject("alert");
        if (message.Title is not null) json.WriteString("title", message.Title);
        if (message.Subtitle is not null) json.WriteString("subtitle", message.Subtitle);
        if (body is not null) json.WriteString("body", body);
        json.WriteEndObject();
    }

    private static bool Overridden(PushMessage message, string member) =>
        message.Aps is { ValueKind: JsonValueKind.Object } own && own.TryGetProperty(member, out _);
}
