using System.Globalization;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Fcm;

/// The body of messages:send. A token is one device of a known system, so only that system's block is written: the limit is
/// 4,096 bytes for all of it.
internal static class FcmPayload
{
    public static void Write(Utf8JsonWriter json, PushMessage message, string? body, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteStartObject("message");
        json.WriteString("token", message.Token);
        // On Apple's systems the alert in `aps` says the same and more; twice would only use up the limit.
        if (!message.Background && message.Channel is not Channel.IosPush) WriteNotification(json, message, body);
        WriteData(json, message.Data);
        switch (message.Channel)
        {
            case Channel.AndroidPush: WriteAndroid(json, message, now); break;
            case Channel.IosPush: WriteApns(json, message, body, now); break;
            default: WriteWebPush(json, message, now); break;
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteNotification(Utf8JsonWriter json, PushMessage message, string? body)
    {
        if (message.Title is null && body is null && message.Image is null) return;
        json.WriteStartObject("notification");
        json.Optional("title", message.Title);
        json.Optional("body", body);
        json.Optional("image", message.Image?.AbsoluteUri);
        json.WriteEndObject();
    }

    /// Text to text only: whatever is no text is sent as its JSON.
    private static void WriteData(Utf8JsonWriter json, JsonElement? data)
    {
        if (data is not { ValueKind: JsonValueKind.Object } members) return;
        json.WriteStartObject("data");
        foreach (var member in members.EnumerateObject())
            json.WriteString(member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText());
        json.WriteEndObject();
    }

    private static void WriteAndroid(Utf8JsonWriter json, PushMessage message, DateTimeOffset now)
    {
        json.WriteStartObject("android");
        json.WriteString("priority", message.Urgent ? "high" : "normal");
        json.WriteString("ttl", Seconds(message, now) + "s");
        // Without a key asked for there is none: a device keeps only four of them apart while it is off. The tag below is
        // what makes a repeat replace the first.
        json.Optional("collapse_key", message.CollapseKey);
        json.Optional("restricted_package_name", message.AppId);
        if (!message.Background) WriteAndroidNotification(json, message);
        json.WriteEndObject();
    }

    private static void WriteAndroidNotification(Utf8JsonWriter json, PushMessage message)
    {
        json.WriteStartObject("notification");
        if (!Overridden(message, "tag")) json.WriteString("tag", message.CollapseKey ?? message.Id.ToString("D"));
        if (!Overridden(message, "sound")) json.Optional("sound", message.Sound);
        if (!Overridden(message, "click_action")) json.Optional("click_action", message.Category);
        if (message.Badge is { } count && !Overridden(message, "notification_count")) json.WriteNumber("notification_count", count);
        if (message.AndroidNotification is { ValueKind: JsonValueKind.Object } own)
            foreach (var member in own.EnumerateObject()) member.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteApns(Utf8JsonWriter json, PushMessage message, string? body, DateTimeOffset now)
    {
        json.WriteStartObject("apns");
        json.WriteStartObject("headers");
        json.WriteString("apns-priority", message.Urgent && !message.Background ? "10" : "5");
        json.WriteString("apns-collapse-id", message.CollapseKey is { } key ? CollapseName.ForApns(key) : message.Id.ToString("D"));
        json.WriteString("apns-expiration", PushLife.EndOf(message, now).ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        // The app's own data travels in `data`, which FCM puts beside aps.
        json.WritePropertyName("payload");
        ApsPayload.Write(json, message with { Data = null }, body);
        if (message.Image is { } image)
        {
            json.WriteStartObject("fcm_options");
            json.WriteString("image", image.AbsoluteUri);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteWebPush(Utf8JsonWriter json, PushMessage message, DateTimeOffset now)
    {
        json.WriteStartObject("webpush");
        json.WriteStartObject("headers");
        json.WriteString("TTL", Seconds(message, now));
        json.WriteString("Urgency", message.Urgent ? "high" : "normal");
        json.WriteString("Topic", CollapseName.ForWebPush(message.CollapseKey ?? message.Id.ToString("N")));
        json.WriteEndObject();
        if (message.Link is { } link)
        {
            json.WriteStartObject("fcm_options");
            json.WriteString("link", link.AbsoluteUri);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string Seconds(PushMessage message, DateTimeOffset now) =>
        ((long)PushLife.Of(message, now).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static bool Overridden(PushMessage message, string member) =>
        message.AndroidNotification is { ValueKind: JsonValueKind.Object } own && own.TryGetProperty(member, out _);
}
