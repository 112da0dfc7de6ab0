using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Email.Mailchimp;

internal static class MailchimpPayload
{
    public static void Write(Utf8JsonWriter json, EmailMessage message, MailchimpOptions settings)
    {
        json.WriteStartObject();
        json.WriteString("key", settings.ApiKey);
        json.WriteBoolean("async", false);
        json.WriteStartObject("message");
        json.Optional("html", message.Html is { Length: > 0 } html ? html : null);
        json.Optional("text", message.Text is { Length: > 0 } text ? text : null);
        json.WriteString("subject", message.Subject);
        json.WriteString("from_email", message.From ?? settings.From);
        json.Optional("from_name", message.From is null ? message.FromName ?? settings.FromName : message.FromName);
        WriteTo(json, message);
        WriteHeaders(json, message);
        json.WriteBoolean("important", false);
        json.WriteBoolean("track_opens", settings.TrackOpens);
        json.WriteBoolean("track_clicks", settings.TrackClicks);
        json.WriteBoolean("auto_text", true);
        // Words from a template of ours that look like a merge tag of theirs stay what they are.
        json.WriteBoolean("merge", false);
        json.WriteBoolean("preserve_recipients", false);
        // Otherwise the content, with its codes and links, can be read in their log.
        json.WriteBoolean("view_content_link", false);
        json.Optional("subaccount", settings.Subaccount);
        // Comes back with every event, whatever becomes of their own id.
        json.WriteStartObject("metadata");
        json.WriteString("message_id", message.Id.ToString("D"));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTo(Utf8JsonWriter json, EmailMessage message)
    {
        json.WriteStartArray("to");
        json.WriteStartObject();
        json.WriteString("email", message.To);
        json.Optional("name", message.ToName);
        json.WriteString("type", "to");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteHeaders(Utf8JsonWriter json, EmailMessage message)
    {
        var headers = message.AllHeaders;
        if (headers.Count == 0 && message.ReplyTo is null) return;
        json.WriteStartObject("headers");
        json.Optional("Reply-To", message.ReplyTo);
        foreach (var (name, value) in headers) json.WriteString(name, value);
        json.WriteEndObject();
    }
}
