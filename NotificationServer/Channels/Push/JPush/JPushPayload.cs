using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.JPush;

/// The push object. JPush refuses a request with any member that it does not know (1009), so only those of its own list are
/// written, whatever else a message brings for Apple or Android.
internal static class JPushPayload
{
    private const int MostBadge = 99;
    private const int PictureStyle = 3;

    /// Members of `aps` that JPush has a place for, under the same name.
    private static readonly string[] FromAps = ["alert", "sound", "badge", "category", "thread-id", "interruption-level"];

    public static void Write(Utf8JsonWriter json, PushMessage message, string? body, JPushOptions options, DateTimeOffset now)
    {
        var ios = message.Channel is Channel.IosPush;
        json.WriteStartObject();
        // A second push with the same cid within a day is answered with the result of the first and not sent: a true idempotency
        // key. JPush documents cids as fetched from its pool (GET /v3/push/cid); ones from there would be sure to be accepted,
        // but would have to be stored with the message before the first try to be the same at the second.
        json.WriteString("cid", $"{options.AppKey}-{message.Id:D}");
        json.WriteStartArray("platform");
        json.WriteStringValue(ios ? "ios" : "android");
        json.WriteEndArray();
        json.WriteStartObject("audience");
        json.WriteStartArray("registration_id");
        json.WriteStringValue(message.Token);
        json.WriteEndArray();
        json.WriteEndObject();

        var silent = message.Background && !ios;
        if (!silent) json.WriteStartObject("notification");
        json.WritePropertyName(silent ? "message" : ios ? "ios" : "android");
        WriteContent(json, message, body);
        if (!silent) json.WriteEndObject();

        WriteOptions(json, message, options, now, ios);
        json.WriteEndObject();
    }

    /// What the limits count: the notification of one platform, or Android's silent message.
    public static void WriteContent(Utf8JsonWriter json, PushMessage message, string? body)
    {
        json.WriteStartObject();
        if (message.Channel is Channel.IosPush) WriteIos(json, message, body);
        else if (message.Background) json.WriteString("msg_content", message.Data is { } data ? data.GetRawText() : "");
        else WriteAndroid(json, message, body);
        if (message.Data is { ValueKind: JsonValueKind.Object } extras)
        {
            json.WritePropertyName("extras");
            extras.WriteTo(json);
        }
        json.WriteEndObject();
    }

    private static void WriteAndroid(Utf8JsonWriter json, PushMessage message, string? body)
    {
        json.WriteString("alert", body ?? message.Title ?? "");
        if (body is not null) json.Optional("title", message.Title);
        json.Optional("sound", message.Sound);
        if (message.Badge is { } badge) json.WriteNumber("badge_set_num", Math.Clamp(badge, 0, MostBadge));
        if (message.Image is { } image)
        {
            json.WriteNumber("style", PictureStyle);
            json.WriteString("big_pic_path", image.AbsoluteUri);
        }
        if (Own(message.AndroidNotification, "channel_id") is { ValueKind: JsonValueKind.String } channel)
            json.WriteString("channel_id", channel.GetString());
    }

    private static void WriteIos(Utf8JsonWriter json, PushMessage message, string? body)
    {
        foreach (var name in FromAps)
            if (Own(message.Aps, name) is { } own)
            {
                json.WritePropertyName(name);
                own.WriteTo(json);
            }
        if (Own(message.Aps, "alert") is null) WriteAlert(json, message, body);
        if (!message.Background)
        {
            if (Own(message.Aps, "sound") is null) json.Optional("sound", message.Sound);
            if (Own(message.Aps, "badge") is null && message.Badge is { } badge) json.WriteNumber("badge", badge);
            if (Own(message.Aps, "category") is null) json.Optional("category", message.Category);
            if (Own(message.Aps, "thread-id") is null) json.Optional("thread-id", message.ThreadId);
        }
        // Apple's 1 is JPush's true.
        if (message.Background || Own(message.Aps, "content-available") is not null) json.WriteBoolean("content-available", true);
        if (message.Image is not null || Own(message.Aps, "mutable-content") is not null) json.WriteBoolean("mutable-content", true);
    }

    private static void WriteAlert(Utf8JsonWriter json, PushMessage message, string? body)
    {
        // Required even where nothing is shown.
        if (message.Background) json.WriteString("alert", "");
        else if (message.Title is null && message.Subtitle is null) json.WriteString("alert", body ?? "");
        else
        {
            json.WriteStartObject("alert");
            json.Optional("title", message.Title);
            json.Optional("subtitle", message.Subtitle);
            json.Optional("body", body);
            json.WriteEndObject();
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, PushMessage message, JPushOptions options, DateTimeOffset now, bool ios)
    {
        var life = PushLife.Of(message, now);
        json.WriteStartObject("options");
        json.WriteNumber("time_to_live", (long)(life < options.LongestLife ? life : options.LongestLife).TotalSeconds);
        json.WriteBoolean("apns_production", options.ApnsProduction);
        if (ios) json.WriteString("apns_collapse_id", message.CollapseKey is { } key ? CollapseName.ForApns(key) : message.Id.ToString("D"));
        json.WriteEndObject();
    }

    private static JsonElement? Own(JsonElement? members, string name) =>
        members is { ValueKind: JsonValueKind.Object } own && own.TryGetProperty(name, out var value) ? value : null;
}
