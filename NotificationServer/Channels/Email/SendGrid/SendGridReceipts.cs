using System.Text.Json;
using NotificationServer.Channels.Receipts;
using NotificationServer.Channels.Sms;

namespace NotificationServer.Channels.Email.SendGrid;

/// SendGrid's event webhook: an array of events, by the hundred, of mails old and new.
internal sealed class SendGridReceipts(TimeProvider clock) : IReceiptReader
{
    public string Vendor => "sendgrid";
    public ChannelFamily Family => ChannelFamily.Email;
    /// They say that a batch has 768 kB; who knows from which thousand.
    public int MaxBody => 2 * 1024 * 1024;

    public bool IsSigned(IHeaderDictionary headers) => headers.ContainsKey(SendGridSignature.Header) && headers.ContainsKey(SendGridSignature.TimeHeader);

    public (InboundVerdict Verdict, IReadOnlyList<Receipt> Receipts) Read(InboundCall call, CallbackSecrets secrets)
    {
        if (secrets.Keys.Count == 0) return (InboundVerdict.NotConfigured, []);
        if (call.Headers[SendGridSignature.Header] is not [{ Length: > 0 } signature] || call.Headers[SendGridSignature.TimeHeader] is not [{ Length: > 0 } time]
            || !SendGridSignature.IsFresh(time, clock.GetUtcNow(), secrets.MaxAge)
            || !secrets.Keys.Any(key => SendGridSignature.Matches(key, signature, time, call.Body))) return (InboundVerdict.Refused, []);

        using var json = EventJson.Parse(call.Body);
        return json is { RootElement.ValueKind: JsonValueKind.Array }
            ? (InboundVerdict.Valid, [.. json.RootElement.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object).Select(Of)])
            : (InboundVerdict.Valid, []);
    }

    private Receipt Of(JsonElement one)
    {
        var said = one.Text("event") ?? "unknown";
        var (kind, status, news) = Meaning(said, one.Text("type"), one.Text("reason"));
        return new Receipt
        {
            Event = said,
            Kind = kind,
            Class = status,
            News = news,
            Code = kind is ReceiptKind.Bounced or ReceiptKind.Failed ? Redacted.Words(one.Text("status")) ?? one.Text("type") ?? said : null,
            Words = Redacted.Words(one.Text("reason") ?? one.Text("response")),
            // custom_args come back as members of the event itself.
            MessageId = OwnId.In(one.Text("message_id")),
            ProviderMessageId = one.Text("sg_message_id")?.Split('.')[0],
            At = one.Seconds("timestamp", clock.GetUtcNow()),
            Key = one.Text("sg_event_id") ?? EventJson.Digest(one.GetRawText()),
            Address = one.Text("email"),
            By = By(kind, one),
            Url = kind == ReceiptKind.Clicked ? one.Text("url") : null,
            Detail = one.Kept("type", "reason", "response", "status", "attempt", "bounce_classification", "asm_group_id", "sg_machine_open"),
        };
    }

    public static (ReceiptKind Kind, SendStatus Class, AddressNews News) Meaning(string said, string? type, string? reason) => said switch
    {
        "processed" or "deferred" => (ReceiptKind.Progress, SendStatus.Accepted, AddressNews.None),
        "delivered" => (ReceiptKind.Delivered, SendStatus.Accepted, AddressNews.None),
        // Policy, reputation, a full mailbox: not the address's fault.
        "bounce" when type == "blocked" => (ReceiptKind.Bounced, SendStatus.Permanent, AddressNews.None),
        "bounce" => (ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Dead),
        "dropped" => Dropped(reason ?? ""),
        "open" => (ReceiptKind.Opened, SendStatus.Accepted, AddressNews.None),
        "click" => (ReceiptKind.Clicked, SendStatus.Accepted, AddressNews.None),
        "spamreport" => (ReceiptKind.Complained, SendStatus.AddressDead, AddressNews.Complained),
        "unsubscribe" => (ReceiptKind.Unsubscribed, SendStatus.AddressDead, AddressNews.Unsubscribed),
        "group_unsubscribe" => (ReceiptKind.Unsubscribed, SendStatus.AddressDead, AddressNews.UnsubscribedFromGroup),
        "group_resubscribe" => (ReceiptKind.Resubscribed, SendStatus.Accepted, AddressNews.ResubscribedToGroup),
        _ => (ReceiptKind.Unknown, SendStatus.Accepted, AddressNews.None),
    };

    /// SendGrid's own word comes first: it sees where Apple's proxies are. Complaints and goodbyes are people's.
    private static Engager By(ReceiptKind kind, JsonElement one) => kind switch
    {
        ReceiptKind.Opened when one.TryGetProperty("sg_machine_open", out var machine) && machine.ValueKind is JsonValueKind.True => Engager.Machine,
        ReceiptKind.Opened or ReceiptKind.Clicked => Engagers.OfAgent(one.Text("useragent")),
        ReceiptKind.Complained or ReceiptKind.Unsubscribed => Engager.Human,
        _ => Engager.Unknown,
    };

    /// Never sent, because of what SendGrid knows of the address, the mail, or us.
    private static (ReceiptKind, SendStatus, AddressNews) Dropped(string reason)
    {
        bool Says(string word) => reason.Contains(word, StringComparison.OrdinalIgnoreCase);
        if (Says("SMTPAPI") || Says("Spam Content")) return (ReceiptKind.Failed, SendStatus.Permanent, AddressNews.None);
        if (Says("Quota")) return (ReceiptKind.Failed, SendStatus.Misconfigured, AddressNews.None);
        if (Says("Spam Report")) return (ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Complained);
        if (Says("Unsubscribed")) return (ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Unsubscribed);
        if (Says("Bounced") || Says("Invalid")) return (ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Dead);
        return (ReceiptKind.Failed, SendStatus.Permanent, AddressNews.None);
    }
}
