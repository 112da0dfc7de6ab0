using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using NotificationServer.Channels.Receipts;
using NotificationServer.Channels.Sms;

namespace NotificationServer.Channels.Email.Mailchimp;

/// Mailchimp Transactional's webhooks: one field of a form with up to a thousand events.
internal sealed class MailchimpReceipts(TimeProvider clock) : IReceiptReader
{
    private const string Field = "mandrill_events";

    public string Vendor => "mailchimp";
    public ChannelFamily Family => ChannelFamily.Email;
    public int MaxBody => 8 * 1024 * 1024;
    /// The batch by which it tries an address.
    public int MaxUnsigned => 1024;

    public bool IsSigned(IHeaderDictionary headers) => headers.ContainsKey(MailchimpSignature.Header);

    public (InboundVerdict Verdict, IReadOnlyList<Receipt> Receipts) Read(InboundCall call, CallbackSecrets secrets)
    {
        if (Form(call) is not { } form) return (InboundVerdict.Refused, []);
        var events = form.GetValueOrDefault(Field).ToString();
        // The batch by which it tries a new address: signed by a key of its own, and it carries nothing.
        if (events.Length <= 16 && events.Trim() == "[]") return (InboundVerdict.Valid, []);
        if (secrets.Keys.Count == 0) return (InboundVerdict.NotConfigured, []);
        if (call.Headers[MailchimpSignature.Header] is not [{ Length: > 0 } signature]
            || !call.Urls.Any(url => secrets.Keys.Any(key => MailchimpSignature.Matches(key, signature, url, form)))) return (InboundVerdict.Refused, []);

        using var json = EventJson.Parse(Encoding.UTF8.GetBytes(events));
        return json is { RootElement.ValueKind: JsonValueKind.Array }
            ? (InboundVerdict.Valid, [.. json.RootElement.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object).Select(Of)])
            : (InboundVerdict.Valid, []);
    }

    private Receipt Of(JsonElement one)
    {
        var msg = one.Object("msg");
        // What is told of the account's own lists has a type in place of an event.
        var said = one.Text("event") ?? (one.Text("type") is { } type ? $"list:{type}" : "unknown");
        var reason = msg.Object("reject").Text("reason") ?? msg.Text("reject") ?? msg.Text("reject_reason") ?? one.Text("reject_reason");
        var (kind, status, news) = Meaning(said, reason);
        var (id, at) = (one.Text("_id") ?? msg.Text("_id"), one.Text("ts"));
        return new Receipt
        {
            Event = said,
            Kind = kind,
            Class = status,
            News = news,
            Code = kind is ReceiptKind.Bounced or ReceiptKind.Failed ? Redacted.Words(reason ?? msg.Text("bounce_description")) ?? said : null,
            Words = Redacted.Words(msg.Text("diag") ?? msg.Text("bounce_description")),
            // Metadata is an empty array where there is none.
            MessageId = OwnId.In(msg.Object("metadata").Text("message_id")),
            ProviderMessageId = id,
            At = one.Seconds("ts", clock.GetUtcNow()),
            Key = id is null || at is null ? EventJson.Digest(one.GetRawText()) : $"{id}:{said}:{at}",
            Address = msg.Text("email"),
            By = kind switch
            {
                ReceiptKind.Opened or ReceiptKind.Clicked => Engagers.OfAgent(one.Text("user_agent")),
                ReceiptKind.Complained or ReceiptKind.Unsubscribed => Engager.Human,
                _ => Engager.Unknown,
            },
            Url = kind == ReceiptKind.Clicked ? one.Text("url") : null,
            Detail = msg.Kept("state", "bounce_description", "diag", "bgtools_code", "subaccount"),
        };
    }

    public static (ReceiptKind Kind, SendStatus Class, AddressNews News) Meaning(string said, string? reason) => said switch
    {
        "send" => (ReceiptKind.Sent, SendStatus.Accepted, AddressNews.None),
        "deferral" => (ReceiptKind.Progress, SendStatus.Accepted, AddressNews.None),
        "delivered" => (ReceiptKind.Delivered, SendStatus.Accepted, AddressNews.None),
        "hard_bounce" => (ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Dead),
        "soft_bounce" => (ReceiptKind.Bounced, SendStatus.Transient, AddressNews.None),
        "open" => (ReceiptKind.Opened, SendStatus.Accepted, AddressNews.None),
        "click" => (ReceiptKind.Clicked, SendStatus.Accepted, AddressNews.None),
        "spam" => (ReceiptKind.Complained, SendStatus.AddressDead, AddressNews.Complained),
        "unsub" => (ReceiptKind.Unsubscribed, SendStatus.AddressDead, AddressNews.Unsubscribed),
        "reject" => Rejected(reason),
        _ => (ReceiptKind.Unknown, SendStatus.Accepted, AddressNews.None),
    };

    private static (ReceiptKind, SendStatus, AddressNews) Rejected(string? reason) => reason switch
    {
        "hard-bounce" or "invalid" or "custom" => (ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Dead),
        "spam" => (ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Complained),
        "unsub" => (ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Unsubscribed),
        "soft-bounce" => (ReceiptKind.Bounced, SendStatus.Transient, AddressNews.None),
        "invalid-sender" or "unsigned" or "test-mode-limit" => (ReceiptKind.Failed, SendStatus.Misconfigured, AddressNews.None),
        _ => (ReceiptKind.Failed, SendStatus.Permanent, AddressNews.None),
    };

    private Dictionary<string, StringValues>? Form(InboundCall call)
    {
        if (call.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return null;
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(call.Body)) { ValueLengthLimit = MaxBody };
            return reader.ReadForm();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
