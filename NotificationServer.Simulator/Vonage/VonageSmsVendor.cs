using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Vonage;

/// The older SMS API: 200 to everything, one answer a part.
internal sealed class VonageSmsVendor(SimulatorCredentials credentials, TimeProvider clock) : IVendor
{
    private const int LongestText = 3200;

    private readonly string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.VonageApiKey}:{credentials.VonageApiSecret}"));

    public string Name => "vonage-sms";

    public int MaxBody => 64 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.Path == "/account/get-balance" && HttpMethods.IsGet(request.Method))
            return request.Headers.Authorization == basic ? Verdict.Accept(Answer.Json(200, """{"value":15.5359,"autoReload":false}"""), [], "", null) : Verdict.Refuse(new Answer(401));
        if (request.Path != "/sms/json" || !HttpMethods.IsPost(request.Method)) return Verdict.Refuse(new Answer(404));
        if (body.Length > MaxBody) return Refuse("3", "too large");
        if (Fields(request, body) is not { } fields) return Refuse("3", "not readable");
        var own = fields.GetValueOrDefault("api_key") == credentials.VonageApiKey && fields.GetValueOrDefault("api_secret") == credentials.VonageApiSecret;
        if (request.Headers.Authorization != basic && !own) return Refuse("4", "Bad Credentials");
        return Violation(fields) is { } wrong ? Refuse(wrong.Status, wrong.Text) : Accept(fields);
    }

    /// <param name="status">The HTTP status that other vendors would answer with.</param>
    /// <param name="code">The status of this API.</param>
    public Answer Error(int status, string? code) => VonageErrors.Sms(code ?? status switch
    {
        401 or 403 => "4",
        402 => "9",
        429 => "1",
        >= 500 => "5",
        _ => "3",
    }, "refused");

    public Answer DeadRecipient() => VonageErrors.Sms("33", "Number Deactivated");

    private static (string Status, string Text)? Violation(Dictionary<string, string> fields)
    {
        foreach (var needed in (ReadOnlySpan<string>)["to", "from", "text"])
            if (fields.GetValueOrDefault(needed) is not { Length: > 0 }) return ("2", $"Missing {needed} param");
        if (fields["to"].Length is < 7 or > 15 || !fields["to"].All(char.IsAsciiDigit)) return ("3", "Invalid value for param: to");
        if (fields["from"].Length > 15 || fields["from"].StartsWith('+')) return ("15", "Illegal Sender Address");
        if (fields["text"].Length > LongestText) return ("12", "Message too long");
        if (fields.TryGetValue("ttl", out var ttl) && (!long.TryParse(ttl, NumberStyles.None, CultureInfo.InvariantCulture, out var life) || life is < 20_000 or > 604_800_000))
            return ("3", "Invalid value for param: ttl");
        if (fields.GetValueOrDefault("type", "text") is not ("text" or "unicode")) return ("3", "Invalid value for param: type");
        return fields.TryGetValue("client-ref", out var own) && own.Length > 40 ? ("3", "Invalid value for param: client-ref") : null;
    }

    private Verdict Accept(Dictionary<string, string> fields)
    {
        var to = "+" + fields["to"];
        var unicode = fields.GetValueOrDefault("type") == "unicode";
        var (whole, part) = unicode ? (70, 67) : (160, 153);
        var count = fields["text"].Length <= whole ? 1 : (fields["text"].Length + part - 1) / part;
        var ids = Enumerable.Range(0, count).Select(_ => RandomNumberGenerator.GetHexString(16)).ToArray();
        var entry = new LedgerEntry
        {
            At = clock.GetUtcNow(), Provider = Name, Id = ids[0], MessageKey = fields.GetValueOrDefault("client-ref"), To = to, ChannelHint = "sms",
        }.Written(fields, static (json, all) =>
        {
            json.WriteStartObject("body");
            foreach (var (name, value) in all.Where(field => field.Key is not ("api_key" or "api_secret"))) json.WriteString(name, value);
            json.WriteEndObject();
        });
        var answer = new JsonObject
        {
            ["message-count"] = count.ToString(CultureInfo.InvariantCulture),
            ["messages"] = new JsonArray([.. ids.Select(id => new JsonObject
            {
                ["to"] = fields["to"], ["message-id"] = id, ["status"] = "0", ["remaining-balance"] = "15.53590000", ["message-price"] = "0.03330000",
                ["network"] = "23410", ["client-ref"] = fields.GetValueOrDefault("client-ref"),
            })]),
        };
        return Verdict.Accept(Answer.Json(200, answer.ToJsonString()), [entry], to, MagicRecipient.InNumber(to)) with
        {
            Callbacks = [.. ids.SelectMany(id => VonageCallbacks.OfSms(id, fields, credentials))],
        };
    }

    private static Dictionary<string, string>? Fields(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (Form.Carried(request)) return Form.Parse(body.Span).Fields.DistinctBy(field => field.Key).ToDictionary();
        try
        {
            return JsonNode.Parse(body.Span) is JsonObject json ? json.ToDictionary(member => member.Key, member => member.Value?.ToString() ?? "") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Verdict Refuse(string status, string text) => Verdict.Refuse(VonageErrors.Sms(status, text));
}
