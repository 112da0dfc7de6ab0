using System.Text;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Inbox;

/// A message as its recipient would have seen it.
internal static class InboxRendering
{
    public static InboxRow Render(Guid id, OutboundMessage message) => message switch
    {
        PushMessage push => new InboxRow(id, push.Id, push.Channel.Name(), Storable(push.Token)!,
            Storable(push.Title), null, Storable(push.Body), null, Payload(push, static (json, m) => WriteRest(json, m))),
        SmsMessage sms => new InboxRow(id, sms.Id, sms.Channel.Name(), Storable(sms.To)!,
            null, null, Storable(sms.Text), null, sms.From is null ? null : Payload(sms, static (json, m) => json.WriteString("from", m.From))),
        EmailMessage email => new InboxRow(id, email.Id, email.Channel.Name(), Storable(email.To)!,
            null, Storable(email.Subject), Storable(email.Text), Storable(email.Html), Payload(email, static (json, m) => WriteRest(json, m))),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a kind of message"),
    };

    private static string Payload<TMessage>(TMessage message, Action<Utf8JsonWriter, TMessage> write) =>
        Encoding.UTF8.GetString(JsonBody.Write((message, write), static (json, what) =>
        {
            json.WriteStartObject();
            what.write(json, what.message);
            json.WriteEndObject();
        }));

    private static void WriteRest(Utf8JsonWriter json, PushMessage push)
    {
        json.WriteString("push_provider", push.PushProvider);
        json.Optional("app_id", push.AppId);
        json.Optional("subtitle", push.Subtitle);
        json.Optional("image", push.Image?.AbsoluteUri);
        if (push.Badge is { } badge) json.WriteNumber("badge", badge);
        json.Optional("sound", push.Sound);
        json.Optional("category", push.Category);
        json.Optional("thread_id", push.ThreadId);
        json.Optional("collapse_key", push.CollapseKey);
        json.Optional("link", push.Link?.AbsoluteUri);
        if (push.Background) json.WriteBoolean("background", true);
        Member(json, "data", push.Data);
        Member(json, "aps", push.Aps);
        Member(json, "android_notification", push.AndroidNotification);
    }

    private static void WriteRest(Utf8JsonWriter json, EmailMessage email)
    {
        json.Optional("to_name", email.ToName);
        json.Optional("from", email.From);
        json.Optional("from_name", email.FromName);
        json.Optional("reply_to", email.ReplyTo);
        var headers = email.AllHeaders;
        if (headers.Count == 0) return;
        json.WriteStartObject("headers");
        foreach (var (name, value) in headers) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void Member(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is not { } element) return;
        json.WritePropertyName(name);
        element.WriteTo(json);
    }

    /// PostgreSQL takes neither NUL nor half a character, and one such row would fail everybody's who share its insert.
    private static string? Storable(string? text)
    {
        if (text is null || (!text.Contains('\0') && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        return clean.ToString();
    }
}
