using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.SendGrid;

internal sealed class SendGridVendor(SimulatorCredentials credentials, TimeProvider clock) : IVendor
{
    private readonly string authorization = $"Bearer {credentials.SendGridApiKey}";
    private readonly MailRules rules = new(credentials.SendGridFrom, clock);

    private static readonly Answer Scopes = new(200, """{"scopes":["mail.send"]}"""u8.ToArray(), "application/json");

    public string Name => "sendgrid";

    public int MaxBody => 30 * 1024 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.Path == "/v3/scopes" && HttpMethods.IsGet(request.Method))
            return request.Headers.Authorization == authorization ? Verdict.Accept(Scopes, [], "", null) : Refuse(401);
        if (request.Path != "/v3/mail/send") return Refuse(404);
        if (!HttpMethods.IsPost(request.Method)) return Refuse(405);
        if (request.Headers.Authorization != authorization) return Refuse(401);
        if (request.Headers.Accept.Count == 0) return Refuse(406);
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true) return Refuse(415);
        if (body.Length > MaxBody) return Refuse(413);
        try
        {
            using var document = JsonDocument.Parse(body);
            return rules.Violation(document.RootElement) is { } wrong ? Verdict.Refuse(wrong) : Accept(document.RootElement);
        }
        // The latter: half a surrogate pair, or a text where an object belongs.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse(400);
        }
    }

    private Verdict Accept(JsonElement mail)
    {
        if (Sandboxed(mail)) return Verdict.Accept(new Answer(200), [], "", null);
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var sharedKey = Key(mail);
        var entries = new List<LedgerEntry>(1);
        Fault? magic = null;
        var recipient = "";
        foreach (var envelope in mail.GetProperty("personalizations").EnumerateArray())
        {
            var to = envelope.GetProperty("to").EnumerateArray().Select(a => a.GetProperty("email").GetString()!).ToArray(); // checked by the rules
            if (magic is null && to.Select(MagicRecipient.InMail).FirstOrDefault(f => f is not null) is { } found) (magic, recipient) = (found, to[0]);
            entries.Add(new LedgerEntry
            {
                At = clock.GetUtcNow(), Provider = Name, Id = id, MessageKey = Key(envelope) ?? sharedKey, To = string.Join(", ", to), ChannelHint = "email",
            }.Written(mail, static (json, whole) => Write(json, whole)));
        }

        return Verdict.Accept(new Answer(202) { Headers = [new("x-message-id", id)] }, entries, recipient, magic);
    }

    private static void Write(Utf8JsonWriter json, JsonElement whole)
    {
        json.WritePropertyName("body");
        whole.WriteTo(json);
    }

    private static bool Sandboxed(JsonElement mail) =>
        mail.TryGetProperty("mail_settings", out var settings)
        && settings.TryGetProperty("sandbox_mode", out var sandbox)
        && sandbox.TryGetProperty("enable", out var enable)
        && enable.ValueKind == JsonValueKind.True;

    private static string? Key(JsonElement owner) =>
        owner.TryGetProperty("custom_args", out var args)
        && (args.TryGetProperty("message_id", out var id) || args.TryGetProperty("messageId", out id))
        && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;

    public Answer Error(int status, string? code)
    {
        var answer = SendGridErrors.Of(status, code ?? SendGridErrors.UsualMessage(status));
        return status == 429 ? answer with { Headers = Exhausted("1") } : answer;
    }

    public Answer DeadRecipient() => SendGridErrors.Of(400, "Does not contain a valid address.", "personalizations.0.to.0.email");

    public IReadOnlyList<Header> Wait(string raw) => [.. Exhausted(raw), new Header("retry-after", raw)];

    /// SendGrid tells when, not how long; what is no number goes out as it is.
    private Header[] Exhausted(string wait) =>
    [
        new("x-ratelimit-limit", "600"),
        new("x-ratelimit-remaining", "0"),
        new("x-ratelimit-reset", int.TryParse(wait, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? (clock.GetUtcNow().ToUnixTimeSeconds() + seconds).ToString(CultureInfo.InvariantCulture)
            : wait),
    ];

    private static Verdict Refuse(int status) => Verdict.Refuse(SendGridErrors.Of(status, SendGridErrors.UsualMessage(status)));
}
