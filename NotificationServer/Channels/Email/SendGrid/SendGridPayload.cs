using System.Text.Json;

namespace NotificationServer.Channels.Email.SendGrid;

internal static class SendGridPayload
{
    public static void Write(Utf8JsonWriter json, EmailMessage message, SendGridOptions defaults)
    {
        json.WriteStartObject();
        json.WriteStartArray("personalizations");
        json.WriteStartObject();
        json.WriteStartArray("to");
        WriteAddress(json, message.To, message.ToName);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WritePropertyName("from");
        WriteAddress(json, message.From ?? defaults.From!, message.From is null ? message.FromName ?? defaults.FromName : message.FromName);
        if (message.ReplyTo is { } replyTo)
        {
            json.WritePropertyName("reply_to");
            WriteAddress(json, replyTo, name: null);
        }
        json.WriteString("subject", message.Subject);
        WriteContent(json, message);
        WriteHeaders(json, message.AllHeaders);
        // Comes back with every event, whatever becomes of SendGrid's own id.
        json.WriteStartObject("custom_args");
        json.WriteString("message_id", message.Id.ToString("D"));
        json.WriteEndObject();
        WriteTracking(json);
        json.WriteEndObject();
    }

    private static void WriteAddress(Utf8JsonWriter json, string email, string? name)
    {
        json.WriteStartObject();
        json.WriteString("email", email);
        if (!string.IsNullOrEmpty(name)) json.WriteString("name", name);
        json.WriteEndObject();
    }

    /// Plain text first: SendGrid refuses the other order.
    private static void WriteContent(Utf8JsonWriter json, EmailMessage message)
    {
        json.WriteStartArray("content");
        if (message.Text is { Length: > 0 } text) WritePart(json, "text/plain", text);
        if (message.Html is { Length: > 0 } html) WritePart(json, "text/html", html);
        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, string type, string value)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static void WriteHeaders(Utf8JsonWriter json, IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count == 0) return;
        json.WriteStartObject("headers");
        foreach (var (name, value) in headers) json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// Otherwise SendGrid writes its own List-Unsubscribe over ours, and rewrites every link.
    private static void WriteTracking(Utf8JsonWriter json)
    {
        json.WriteStartObject("tracking_settings");
        json.WriteStartObject("click_tracking");
        json.WriteBoolean("enable", false);
        json.WriteBoolean("enable_text", false);
        json.WriteEndObject();
        json.WriteStartObject("open_tracking");
        json.WriteBoolean("enable", false);
        json.WriteEndObject();
        json.WriteStartObject("subscription_tracking");
        json.WriteBoolean("enable", false);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
