using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using NotificationServer.Channels.Receipts;

namespace NotificationServer.Channels.Sms.Twilio;

/// Twilio's status callbacks. They come in any order, some more than once, and the first may be here before the answer to our own call.
internal sealed class TwilioReceipts(TimeProvider clock) : IReceiptReader
{
    private const int OptedOut = 21610;
    private const int Unreachable = 30003;

    public string Vendor => "twilio";
    public ChannelFamily Family => ChannelFamily.Sms;
    public int MaxBody => 64 * 1024;

    public bool IsSigned(IHeaderDictionary headers) => headers.ContainsKey(TwilioSignature.Header);

    public (InboundVerdict Verdict, IReadOnlyList<Receipt> Receipts) Read(InboundCall call, CallbackSecrets secrets)
    {
        if (secrets.Keys.Count == 0) return (InboundVerdict.NotConfigured, []);
        if (call.Headers[TwilioSignature.Header] is not [{ Length: > 0 } signature] || Form(call) is not { } form) return (InboundVerdict.Refused, []);

        var signed = call.Urls.FirstOrDefault(url => TwilioSignature.Variants(url).Any(
            variant => secrets.Keys.Any(token => TwilioSignature.Matches(token, signature, variant, form))));
        return signed is null ? (InboundVerdict.Refused, []) : (InboundVerdict.Valid, Of(form, signed) is { } receipt ? [receipt] : []);
    }

    private Receipt? Of(Dictionary<string, StringValues> form, string url)
    {
        string? Field(string name) => form.TryGetValue(name, out var values) && values.FirstOrDefault()?.Replace("\0", "", StringComparison.Ordinal)
            is { Length: > 0 and <= 200 } text ? text : null;
        if ((Field("MessageSid") ?? Field("SmsSid")) is not { } sid || (Field("MessageStatus") ?? Field("SmsStatus")) is not { } status) return null;

        int? code = int.TryParse(Field("ErrorCode"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        var said = status is "failed" or "undelivered" ? ClassOf(code) : SendStatus.Accepted;
        var kind = KindOf(status, said);
        return new Receipt
        {
            Event = status,
            Kind = kind,
            Class = said,
            News = code == Unreachable && kind == ReceiptKind.Failed ? AddressNews.Unreachable
                : kind != ReceiptKind.Bounced ? AddressNews.None : code == OptedOut ? AddressNews.Stopped : AddressNews.Dead,
            Code = kind is ReceiptKind.Bounced or ReceiptKind.Failed ? code?.ToString(CultureInfo.InvariantCulture) ?? status : null,
            Words = Redacted.Words(Field("ErrorMessage")),
            MessageId = OwnId.In(QueryHelpers.ParseQuery(Query(url)).GetValueOrDefault(CallbackAddress.MessageId).FirstOrDefault()),
            ProviderMessageId = sid,
            // It says when only of deliveries, and then to the minute: no better than now.
            At = clock.GetUtcNow(),
            // Their idempotency token tells repeats of one call; this also tells two calls that say the same.
            Key = $"{sid}:{status}",
            Address = Field("To"),
        };
    }

    public static SendStatus ClassOf(int? code) => code switch
    {
        30001 or 30022 or 30023 or 63017 => SendStatus.Throttled,
        30002 or 30024 or 30032 or 30034 => SendStatus.Misconfigured,
        30003 or 30008 or 30009 or 30410 => SendStatus.Transient,
        // Blocked by the person or the carrier, unknown, no mobile; opted out or never a number after all.
        30004 or 30005 or 30006 or 63014 or 21211 or OptedOut or 21614 => SendStatus.AddressDead,
        _ => SendStatus.Permanent,
    };

    private static ReceiptKind KindOf(string status, SendStatus said) => status switch
    {
        "accepted" or "scheduled" or "queued" or "sending" => ReceiptKind.Progress,
        "sent" or "partially_delivered" => ReceiptKind.Sent,
        "delivered" => ReceiptKind.Delivered,
        "read" => ReceiptKind.Opened,
        "failed" or "undelivered" => said == SendStatus.AddressDead ? ReceiptKind.Bounced : ReceiptKind.Failed,
        "canceled" => ReceiptKind.Failed,
        _ => ReceiptKind.Unknown,
    };

    private static string Query(string url) => url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? url[at..] : "";

    private static Dictionary<string, StringValues>? Form(InboundCall call)
    {
        if (call.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return null;
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(call.Body));
            return reader.ReadForm();
        }
        catch (InvalidDataException)
        {
            // More fields than any call has.
            return null;
        }
    }
}
