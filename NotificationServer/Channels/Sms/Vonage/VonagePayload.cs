using System.Text.Json;

namespace NotificationServer.Channels.Sms.Vonage;

/// One SMS in the words of each of Vonage's two interfaces. They agree on little: not even on the unit of time.
internal static class VonagePayload
{
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(604_800);

    public static void Message(Utf8JsonWriter json, SmsMessage message, VonageOptions settings, string? statusUrl, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("channel", "sms");
        json.WriteString("message_type", "text");
        json.WriteString("to", Digits(message.To));
        json.WriteString("from", Digits(message.From ?? settings.From!)); // present: checked at start
        json.WriteString("text", message.Text);
        // Comes back with every status; they document 40 characters in one place and 100 in another.
        json.WriteString("client_ref", message.Id.ToString("D"));
        if (statusUrl is not null)
        {
            json.WriteString("webhook_url", statusUrl);
            json.WriteString("webhook_version", "v1");
        }
        if (Life(message, now) is { } life) json.WriteNumber("ttl", (long)life.TotalSeconds);
        json.WriteEndObject();
    }

    public static void Sms(Utf8JsonWriter json, SmsMessage message, VonageOptions settings, string? statusUrl, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("to", Digits(message.To));
        json.WriteString("from", Digits(message.From ?? settings.From!)); // likewise
        json.WriteString("text", message.Text);
        // As "text" whatever is not in GSM-7 would arrive as question marks.
        json.WriteString("type", SmsSegments.IsUnicode(message.Text) ? "unicode" : "text");
        json.WriteString("client-ref", message.Id.ToString("D"));
        if (statusUrl is not null) json.WriteString("callback", statusUrl);
        if (Life(message, now) is { } life) json.WriteNumber("ttl", (long)life.TotalMilliseconds);
        json.WriteEndObject();
    }

    /// E.164 without the plus; a sender's name has none.
    private static string Digits(string number) => number.StartsWith('+') ? number[1..] : number;

    private static TimeSpan? Life(SmsMessage message, DateTimeOffset now) =>
        message.ExpiresAt is { } end ? TimeSpan.FromSeconds(Math.Floor(Math.Clamp((end - now).TotalSeconds, ShortestLife.TotalSeconds, LongestLife.TotalSeconds))) : null;
}
