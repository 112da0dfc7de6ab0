using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using NotificationServer.Channels.Receipts;

namespace NotificationServer.Channels.Sms.Vonage;

/// The status of the Messages API (signed by a token) and the receipts of the older SMS API (signed by a parameter).
internal sealed class VonageReceipts(TimeProvider clock) : IReceiptReader
{
    private const string Bearer = "Bearer ";

    public string Vendor => "vonage";
    public ChannelFamily Family => ChannelFamily.Sms;
    public int MaxBody => 64 * 1024;

    /// By the header or in the body.
    public bool IsSigned(IHeaderDictionary headers) => true;

    public (InboundVerdict Verdict, IReadOnlyList<Receipt> Receipts) Read(InboundCall call, CallbackSecrets secrets)
    {
        if (secrets.Keys.Count == 0) return (InboundVerdict.NotConfigured, []);
        var isJson = call.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        using var json = isJson ? EventJson.Parse(call.Body) : null;
        if (Fields(call, json) is not { } fields) return (InboundVerdict.Refused, []);

        if (call.Headers.Authorization is [{ Length: > 0 } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return secrets.Keys.Any(secret => VonageSignature.TokenMatches(secret, authorization, call.Body, clock.GetUtcNow(), secrets.MaxAge))
                ? (InboundVerdict.Valid, OfMessages(fields, json) is { } status ? [status] : []) : (InboundVerdict.Refused, []);
        }
        if (!fields.ContainsKey("sig")) return (InboundVerdict.Unsigned, []);
        return secrets.Keys.Any(secret => VonageSignature.SigMatches(secrets.Method, secret, fields)) && IsFresh(fields, secrets.MaxAge)
            ? (InboundVerdict.Valid, OfSms(fields) is { } receipt ? [receipt] : []) : (InboundVerdict.Refused, []);
    }

    private Receipt? OfMessages(Dictionary<string, string> fields, JsonDocument? json)
    {
        if (Text(fields, "message_uuid") is not { } id || Text(fields, "status") is not { } status) return null;
        var error = json is null ? default : json.RootElement.Object("error");
        // `title` is the number; where it is not, the type ends in it.
        var code = Number(error.Text("title")) ?? Number(error.Text("type")?.Split('#')[^1]);
        var said = status is "rejected" or "undeliverable" ? VonageCodes.StatusOfMessages(code) : SendStatus.Accepted;
        var now = clock.GetUtcNow();
        return Of(status, KindOf(status, said), said, code, id, fields.GetValueOrDefault("client_ref"), fields.GetValueOrDefault("to")) with
        {
            At = DateTimeOffset.TryParse(Text(fields, "timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
                ? EventJson.Earlier(at, now) : now,
            Words = Redacted.Words(error.Text("detail")),
            News = code == 1240 ? AddressNews.Stopped : said == SendStatus.AddressDead ? AddressNews.Dead : AddressNews.None,
        };
    }

    private Receipt? OfSms(Dictionary<string, string> fields)
    {
        if (Text(fields, "messageId") is not { } id || Text(fields, "status") is not { } status) return null;
        var code = Number(Text(fields, "err-code"));
        var said = status is "expired" or "failed" or "rejected" ? ClassOfReceipt(code) : SendStatus.Accepted;
        return Of(status, KindOf(status, said), said, code, id, fields.GetValueOrDefault("client-ref"), fields.GetValueOrDefault("msisdn")) with
        {
            News = code == 9 ? AddressNews.Stopped : said == SendStatus.AddressDead ? AddressNews.Dead : AddressNews.None,
        };
    }

    private Receipt Of(string status, ReceiptKind kind, SendStatus said, int? code, string id, string? ours, string? number) => new()
    {
        Event = status,
        Kind = kind,
        Class = said,
        Code = kind is ReceiptKind.Bounced or ReceiptKind.Failed ? code?.ToString(CultureInfo.InvariantCulture) ?? status : null,
        MessageId = OwnId.In(ours),
        ProviderMessageId = id,
        At = clock.GetUtcNow(),
        Key = $"{id}:{status}",
        Address = number is { Length: > 0 } ? number.StartsWith('+') ? number : "+" + number : null,
    };

    private static ReceiptKind KindOf(string status, SendStatus said) => status switch
    {
        "submitted" or "accepted" or "buffered" => ReceiptKind.Sent,
        "delivered" => ReceiptKind.Delivered,
        "read" => ReceiptKind.Opened,
        "rejected" or "undeliverable" or "expired" or "failed" => said switch
        {
            SendStatus.AddressDead => ReceiptKind.Bounced,
            // "Already sent": the duplicate that never was.
            SendStatus.Accepted => ReceiptKind.Progress,
            _ => ReceiptKind.Failed,
        },
        _ => ReceiptKind.Unknown,
    };

    /// `err-code` of the SMS API's receipts; 0 only ever comes with a delivery.
    public static SendStatus ClassOfReceipt(int? code) => code switch
    {
        1 or 2 or 7 or 8 or 15 or 99 => SendStatus.Transient,
        3 or 4 or 9 or 12 or 13 or 14 or 53 => SendStatus.AddressDead,
        50 or 51 or 52 or 54 => SendStatus.Misconfigured,
        _ => SendStatus.Permanent,
    };

    /// The old API sends seconds beside the signature; without them it could be played again for ever.
    private bool IsFresh(Dictionary<string, string> fields, TimeSpan maxAge) =>
        long.TryParse(fields.GetValueOrDefault("timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
        && (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= maxAge;

    private static string? Text(Dictionary<string, string> fields, string name) =>
        fields.GetValueOrDefault(name)?.Replace("\0", "", StringComparison.Ordinal) is { Length: > 0 and <= 200 } text ? text : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Dictionary<string, string>? Fields(InboundCall call, JsonDocument? json)
    {
        try
        {
            if (json is { RootElement.ValueKind: JsonValueKind.Object }) return OfJson(json.RootElement);
            if (call.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return null;
            using var reader = new FormReader(Encoding.UTF8.GetString(call.Body));
            return reader.ReadForm().ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        }
        // More fields than any call has; a name with half a character in it.
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    /// Each member is asked once for what it says: whoever sends ten thousand of them has not signed yet.
    private static Dictionary<string, string> OfJson(JsonElement json)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number) fields[member.Name] = EventJson.Text(member.Value) ?? "";
        return fields;
    }
}
