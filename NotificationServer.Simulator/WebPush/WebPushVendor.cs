using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.WebPush;

/// A push service and the browser behind it in one: it holds the request against the RFCs, decrypts it as the subscriber would,
/// and writes what that one reads into the ledger. Every name below /wpush/v2/ is a subscription of the same browser.
internal sealed class WebPushVendor(PushCredentials credentials, TimeProvider clock) : IVendor, IDisposable
{
    public const string Prefix = "/wpush/v2/";

    private const int MostBytes = 4096;
    private const int LongestTopic = 32;

    private readonly VapidHeader vapid = new(credentials.VapidPublicKey, clock);
    private readonly UserAgent browser = new(credentials.WebPushPrivateKey, credentials.WebPushPublicKey, credentials.WebPushAuth);

    public string Name => "webpush";

    public int MaxBody => 64 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var path = request.Path.Value ?? "";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || path.Length == Prefix.Length) return Refuse(404, 102, "no such endpoint");
        if (!HttpMethods.IsPost(request.Method)) return Refuse(405, 999, "POST");
        if (vapid.Refusal(request.Headers.Authorization, $"{request.Scheme}://{request.Host}") is { } why) return Refuse(401, 109, why);
        if (BadHeader(request.Headers) is { } wrong) return Refuse(400, wrong.Errno, wrong.Why);
        if (body.Length > MostBytes) return Refuse(413, 104, "over 4096 bytes");
        if (body.IsEmpty) return Accept(request, path[Prefix.Length..], null);

        if (request.Headers.ContentEncoding != "aes128gcm") return Refuse(400, 110, "Content-Encoding is not aes128gcm");
        return browser.Decrypt(body.Span) is { } text ? Accept(request, path[Prefix.Length..], text) : Refuse(400, 101, "the subscriber cannot read it");
    }

    public Answer Error(int status, string? code) => code is not null && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var errno)
        ? WebPushErrors.Of(status, errno, "as asked for")
        : code is not null ? Answer.Json(status, $$"""{"reason":"{{code}}"}""") // a word is one of Apple's
        : WebPushErrors.Of(status, WebPushErrors.UsualErrno(status), "as asked for");

    public Answer DeadRecipient() => Error(410, null);

    public void Dispose() => browser.Dispose();

    private static (int Errno, string Why)? BadHeader(IHeaderDictionary headers)
    {
        if (!int.TryParse(headers["TTL"], NumberStyles.None, CultureInfo.InvariantCulture, out _)) return (111, "TTL is no number of seconds");
        if (headers["Urgency"] is { Count: > 0 } urgency && urgency.ToString() is not ("very-low" or "low" or "normal" or "high")) return (110, "Urgency");
        return headers["Topic"] is { Count: > 0 } topic
            && (topic.ToString().Length > LongestTopic || !topic.ToString().All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) ? (113, "Topic") : null;
    }

    private Verdict Accept(HttpRequest request, string to, byte[]? text)
    {
        using var json = Json(text);
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var entry = new LedgerEntry
        {
            At = clock.GetUtcNow(), Provider = Name, Id = $"{request.Scheme}://{request.Host}/m/{id}", To = to, ChannelHint = "web_push",
            MessageKey = Key(json) ?? request.Headers["Topic"].ToString(),
        }.Written((Body: json?.RootElement, Text: text, request.Headers), static (writer, push) => Write(writer, push.Body, push.Text, push.Headers));
        var answer = new Answer(201) { Headers = [new("location", entry.Id), new("ttl", request.Headers["TTL"].ToString())] };
        return Verdict.Accept(answer, [entry], to, MagicRecipient.InToken(to));
    }

    private static JsonDocument? Json(byte[]? text)
    {
        try
        {
            return text is null ? null : JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Key(JsonDocument? json) =>
        json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty("tag", out var tag) && tag.ValueKind == JsonValueKind.String
            ? tag.GetString() : null;

    private static void Write(Utf8JsonWriter json, JsonElement? body, byte[]? text, IHeaderDictionary headers)
    {
        json.WriteStartObject("headers");
        foreach (var name in new[] { "TTL", "Urgency", "Topic" })
            if (headers[name] is { Count: > 0 } value) json.WriteString(name, value.ToString());
        json.WriteEndObject();
        json.WritePropertyName("body");
        if (body is { } read) read.WriteTo(json);
        // A worker may be sent anything; ours is sent JSON or nothing.
        else if (text is not null) json.WriteStringValue(Encoding.UTF8.GetString(text));
        else json.WriteNullValue();
    }

    private static Verdict Refuse(int status, int errno, string why) => Verdict.Refuse(WebPushErrors.Of(status, errno, why));
}
