using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.WebPush;

/// What the site's service worker is handed: the members of the Notification API that we know. docs/web-push.md shows a worker.
internal static class WebPushPayload
{
    /// Nothing to say: the worker is woken without any data, which is a message of its own kind.
    public static bool IsEmpty(PushMessage message) =>
        message.Data is not { ValueKind: JsonValueKind.Object } && (message.Background
            || message is { Title: null, Body: null, Image: null, Link: null, Badge: null });

    public static void Write(Utf8JsonWriter json, PushMessage message, string? body)
    {
        json.WriteStartObject();
        if (!message.Background)
        {
            json.Optional("title", message.Title);
            json.Optional("body", body);
            json.Optional("image", message.Image?.AbsoluteUri);
            json.Optional("url", message.Link?.AbsoluteUri);
            if (message.Badge is { } badge) json.WriteNumber("app_badge", badge);
            // The push service drops a repeat only while it still has the first; on the screen the tag replaces it.
            json.WriteString("tag", message.CollapseKey ?? message.Id.ToString("D"));
        }
        if (message.Data is { ValueKind: JsonValueKind.Object } data)
        {
            json.WritePropertyName("data");
            data.WriteTo(json);
        }
        json.WriteEndObject();
    }
}
