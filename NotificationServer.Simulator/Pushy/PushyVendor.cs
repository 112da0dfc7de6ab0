using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Pushy;

internal sealed class PushyVendor(PushCredentials credentials, TimeProvider clock) : IVendor
{
    private const int MostData = 4096, MostTokens = 100_000, LongestKey = 32;
    private const int Remembered = 10_000;
    private const long LongestLife = 365 * 24 * 3600;

    private static readonly string[] Known =
        ["to", "tokens", "registration_ids", "data", "time_to_live", "schedule", "collapse_key", "content_available", "mutable_content", "notification"];
    private static readonly string[] Shown =
        ["title", "body", "badge", "sound", "category", "loc_key", "loc_args", "title_loc_key", "title_loc_args", "interruption_level"];

    private readonly ConcurrentDictionary<string, LedgerEntry> pushes = new(StringComparer.Ordinal);

    public string Name => "pushy";

    public int MaxBody => 4 * 1024 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.Query["api_key"] != credentials.PushyApiKey) return Refuse(401, "INVALID_API_KEY", "The API key is not valid.");
        var path = request.Path.Value ?? "";
        if (HttpMethods.IsGet(request.Method) && path.StartsWith("/pushes/", StringComparison.Ordinal)) return Status(path["/pushes/".Length..]);
        if (HttpMethods.IsGet(request.Method) && path == "/topics") return Verdict.Accept(Answer.Json(200, """{"topics":[]}"""), [], "", null);
        if (!HttpMethods.IsPost(request.Method) || path != "/push") return Refuse(404, "INVALID_PARAM", "No such call.");
        try
        {
            using var document = JsonDocument.Parse(body);
            return JudgePush(document.RootElement);
        }
        // The latter: half a surrogate pair, or a text where an object belongs.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse(400, "INVALID_PARAM", "The body is not JSON.");
        }
    }

    public void Taken(IReadOnlyList<LedgerEntry> entries)
    {
        if (pushes.Count >= Remembered) pushes.Clear();
        pushes[entries[0].Id] = entries[0];
    }

    public Answer Error(int status, string? code) => Of(status, code ?? status switch
    {
        401 or 403 => "INVALID_API_KEY",
        413 => "PAYLOAD_LIMIT_EXCEEDED",
        429 => "RATE_LIMIT_EXCEEDED",
        >= 500 => "INTERNAL_SERVER_ERROR",
        _ => "INVALID_PARAM",
    }, "As asked for.");

    public Answer DeadRecipient() => Of(400, "NO_RECIPIENTS", "We could not find any devices with the tokens provided.");

    private Verdict JudgePush(JsonElement push)
    {
        if (Violation(push) is { } wrong) return Refuse(400, wrong.Code, wrong.Why);
        var recipients = Recipients(push);
        if (recipients.Count == 0) return Verdict.Refuse(DeadRecipient());

        var id = RandomNumberGenerator.GetHexString(24, lowercase: true);
        var entries = recipients.Select(to => new LedgerEntry
        {
            At = clock.GetUtcNow(), Provider = Name, Id = id, To = to, ChannelHint = push.TryGetProperty("notification", out _) ? "ios_push" : "android_push",
            MessageKey = Text(push.GetProperty("data"), "message_id") ?? Text(push, "collapse_key"),
        }.Written(push, static (json, whole) =>
        {
            json.WritePropertyName("body");
            whole.WriteTo(json);
        })).ToList();
        var answer = Answer.Json(200, string.Create(CultureInfo.InvariantCulture, $$$"""{"success":true,"id":"{{{id}}}","info":{"devices":{{{recipients.Count}}}}}"""));
        return Verdict.Accept(answer, entries, recipients[0], recipients.Select(MagicRecipient.InToken).FirstOrDefault(fault => fault is not null));
    }

    private static (string Code, string Why)? Violation(JsonElement push)
    {
        if (push.ValueKind != JsonValueKind.Object || push.EnumerateObject().Any(member => !Known.Contains(member.Name))) return ("INVALID_PARAM", "unknown parameter");
        if (!push.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object) return ("INVALID_PARAM", "data");
        if (Encoding.UTF8.GetByteCount(data.GetRawText()) > MostData) return ("PAYLOAD_LIMIT_EXCEEDED", "data");
        if (push.TryGetProperty("time_to_live", out var life) && !(life.TryGetInt64(out var seconds) && seconds is >= 0 and <= LongestLife)) return ("INVALID_PARAM", "time_to_live");
        if (Text(push, "collapse_key") is { Length: > LongestKey }) return ("INVALID_PARAM", "collapse_key");
        return push.TryGetProperty("notification", out var shown)
            && (shown.ValueKind != JsonValueKind.Object || shown.EnumerateObject().Any(member => !Shown.Contains(member.Name))) ? ("INVALID_PARAM", "notification") : null;
    }

    private static List<string> Recipients(JsonElement push)
    {
        foreach (var name in new[] { "to", "tokens", "registration_ids" })
        {
            if (!push.TryGetProperty(name, out var to)) continue;
            if (to.ValueKind == JsonValueKind.String) return [to.GetString()!]; // a string
            if (to.ValueKind == JsonValueKind.Array && to.GetArrayLength() <= MostTokens) return [.. to.EnumerateArray().Select(one => one.GetString() ?? "")];
        }
        return [];
    }

    private Verdict Status(string id) => pushes.TryGetValue(id, out var push)
        ? Verdict.Accept(Answer.Json(200, StatusOf(push)), [], "", null)
        : Refuse(404, "INVALID_PUSH_ID", "No such push.");

    private static string StatusOf(LedgerEntry entry)
    {
        var data = entry.Body.GetProperty("data").GetRawText();
        var (date, life) = (entry.At.ToUnixTimeSeconds(), entry.Body.TryGetProperty("time_to_live", out var seconds) ? seconds.GetInt64() : 30 * 24 * 3600);
        return string.Create(CultureInfo.InvariantCulture,
            $$$"""{"push":{"date":{{{date}}},"payload":{{{data}}},"expiration":{{{date + life}}},"pending_devices":[{{{JsonSerializer.Serialize(entry.To)}}}]}}""");
    }

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Answer Of(int status, string code, string text) => Answer.Json(status, $$"""{"code":"{{code}}","error":"{{text}}"}""");

    private static Verdict Refuse(int status, string code, string why) => Verdict.Refuse(Of(status, code, why));
}
