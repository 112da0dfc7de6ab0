using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Vonage;

/// The Messages API, version 1, for SMS.
internal sealed partial class VonageVendor(SimulatorCredentials credentials, TimeProvider clock) : IVendor, IDisposable
{
    private const int LongestText = 1000;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    private static readonly HashSet<string> Members =
    [
        "channel", "message_type", "to", "from", "text", "client_ref", "webhook_url", "webhook_version", "ttl", "sms", "trusted_recipient", "pool_id", "failover",
    ];

    private readonly string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.VonageApiKey}:{credentials.VonageApiSecret}"));
    private readonly RSA key = Import(credentials.VonagePrivateKeyPem);

    public string Name => "vonage";

    public int MaxBody => 64 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.Path != "/v1/messages") return Refuse(404, null, "Not found");
        if (!HttpMethods.IsPost(request.Method)) return Refuse(405, null, "Method not allowed");
        if (!Known(request.Headers.Authorization.ToString())) return Refuse(401, null, "Unauthorized");
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true) return Refuse(415, null, "Unsupported media type");
        if (body.Length > MaxBody) return Refuse(413, null, "Too large");
        try
        {
            using var json = JsonDocument.Parse(body);
            return Violation(json.RootElement) is { } wrong ? Verdict.Refuse(wrong) : Accept(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse(422, 1020, "Not JSON");
        }
    }

    public Answer Error(int status, string? code) => VonageErrors.Usual(status, code);

    public Answer DeadRecipient() => VonageErrors.Problem(422, 1170, "Invalid params", "to");

    public void Dispose() => key.Dispose();

    private bool Known(string authorization)
    {
        if (authorization == basic) return true;
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || SignedToken.Parse(authorization["Bearer ".Length..]) is not { } token) return false;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return SignedToken.Text(token.Header, "alg") == "RS256" && SignedToken.Text(token.Claims, "application_id") == credentials.VonageApplicationId
            && SignedToken.Text(token.Claims, "jti") is { Length: > 0 }
            && token.Seconds("iat") is { } issued && Math.Abs(now - issued) <= LongestLife.TotalSeconds && issued <= now + Skew.TotalSeconds
            && (token.Seconds("exp") ?? issued + 900) is var end && end > now && end - issued <= LongestLife.TotalSeconds
            && key.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static Answer? Violation(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) return Bad(1020, "not an object", null);
        foreach (var member in message.EnumerateObject())
            if (!Members.Contains(member.Name)) return Bad(1020, "unknown parameter", member.Name);
        if (Text(message, "channel") != "sms") return Bad(1020, "channel", "channel");
        if (Text(message, "message_type") != "text") return Bad(1020, "message type", "message_type");
        // E.164, but without its plus.
        if (Text(message, "to") is not { } to || !Digits().IsMatch(to)) return Bad(1170, "Invalid params", "to");
        if (Text(message, "from") is not { } from || !Sender().IsMatch(from)) return Bad(1120, "Invalid sender", "from");
        if (Text(message, "text") is not { Length: > 0 and <= LongestText }) return Bad(1020, "text has 1 to 1000 characters", "text");
        if (message.TryGetProperty("client_ref", out _) && Text(message, "client_ref") is not { Length: <= 40 }) return Bad(1020, "client_ref is too long", "client_ref");
        if (message.TryGetProperty("ttl", out var ttl) && (!ttl.TryGetInt64(out var seconds) || seconds is < 20 or > 604_800)) return Bad(1130, "ttl", "ttl");
        return null;
    }

    private Verdict Accept(JsonElement message)
    {
        var (id, to) = (Guid.CreateVersion7().ToString("D"), "+" + Text(message, "to"));
        var entry = new LedgerEntry
        {
            At = clock.GetUtcNow(), Provider = Name, Id = id, MessageKey = Text(message, "client_ref"), To = to, ChannelHint = "sms",
        }.Written(message, static (json, whole) =>
        {
            json.WritePropertyName("body");
            whole.WriteTo(json);
        });
        return Verdict.Accept(Answer.Json(202, $$"""{"message_uuid":"{{id}}"}"""), [entry], to, MagicRecipient.InNumber(to)) with
        {
            Callbacks = VonageCallbacks.OfMessage(id, to, Text(message, "from")!, Text(message, "client_ref"), Text(message, "webhook_url"), credentials), // checked by the rules
        };
    }

    private static string? Text(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RSA Import(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa;
    }

    private static Answer Bad(int code, string title, string? parameter) => VonageErrors.Problem(422, code, title, parameter);

    private static Verdict Refuse(int status, int? code, string title) => Verdict.Refuse(VonageErrors.Problem(status, code, title));

    [GeneratedRegex("^[1-9][0-9]{6,14}$")]
    private static partial Regex Digits();

    // A number without plus, a short code or a name.
    [GeneratedRegex("^([0-9]{3,15}|[A-Za-z0-9 ]{1,11})$")]
    private static partial Regex Sender();
}
