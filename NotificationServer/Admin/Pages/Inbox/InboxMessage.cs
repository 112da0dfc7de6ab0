using System.Text.Encodings.Web;
using System.Text.Json;

namespace NotificationServer.Admin.Pages.Inbox;

/// One message as it would have arrived, with what we know of the send behind it.
internal sealed record InboxMessage
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for eyes; the page encodes it for HTML
    };

    public required Guid Id { get; init; }
    public required Guid MessageId { get; init; }
    public required string Channel { get; init; }
    public required string Address { get; init; }
    public string? Title { get; init; }
    public string? Subject { get; init; }
    public string? Text { get; init; }
    public string? Html { get; init; }
    public string? Payload { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public Guid? NotificationId { get; init; }
    public string? UserId { get; init; }
    public string? AppId { get; init; }
    public string? Status { get; init; }

    public bool IsMail => Channel == "email";
    public bool IsSms => Channel == "sms";

    /// The ways to look at it, the one that people see first.
    public IReadOnlyList<string> Tabs =>
    [
        .. IsMail ? (Html is null ? [] : (string[])["html"]) : ["preview"],
        .. IsMail && (Text is not null || Html is null) ? (string[])["text"] : [],
        .. Payload is null ? [] : (string[])["payload"],
    ];

    public string ReadablePayload()
    {
        if (Payload is null) return "";
        using var json = JsonDocument.Parse(Payload);
        return JsonSerializer.Serialize(json.RootElement, Readable);
    }

    internal static class Sql
    {
        public const string One = """
            select i.id, i.message_id, i.channel, i.address, i.title, i.subject, i.text, i.html, i.payload::text, i.received_at,
                   m.notification_id, m.user_id, m.app_id, m.status
            from inbox i
            left join messages m on m.id = i.message_id
            where i.id = @id
            """;

        // Three short walks from the newest end of the primary key.
        public const string LatestOfEachKind = """
            select i.id, i.message_id, i.channel, i.address, i.title, i.subject, i.text, i.html, i.payload::text, i.received_at,
                   m.notification_id, m.user_id, m.app_id, m.status
            from (values (array['ios_push', 'android_push', 'web_push']), (array['sms']), (array['email'])) as kind(of_kind)
            cross join lateral (
                select *
                from inbox
                where channel = any (kind.of_kind)
                  and (@channels::text[] is null or channel = any (@channels::text[]))
                  and (@search::text is null or address ilike @search::text)
                order by id desc
                limit 1
            ) i
            left join messages m on m.id = i.message_id
            """;

        public const string Html = """
            select html from inbox where id = @id
            """;
    }
}
