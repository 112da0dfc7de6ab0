using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.JPush;

internal sealed class JPushVendor(PushCredentials credentials, TimeProvider clock) : IVendor
{
    private static readonly TimeSpan CidLife = TimeSpan.FromDays(1);

    private readonly string authorization =
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.JPushAppKey}:{credentials.JPushMasterSecret}"));
    /// The results of a day, by cid.
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, string MessageId)> sent = new(StringComparer.Ordinal);

    public string Name => "jpush";

    public int MaxBody => 64 * 1024;

    public Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var path = request.Path.Value ?? "";
        if (request.Headers.Authorization != authorization) return Refuse(401, "1004", "Basic authentication failed");
        if (path == "/v3/push/cid" && HttpMethods.IsGet(request.Method))
            return Verdict.Accept(Answer.Json(200, $$"""{"cidlist":["{{credentials.JPushAppKey}}-{{Guid.CreateVersion7()}}"]}"""), [], "", null);
        if (path is not ("/v3/push" or "/v3/push/validate")) return Refuse(404, "1020", "no such resource");
        if (!HttpMethods.IsPost(request.Method)) return Refuse(405, "1001", "only POST");
        if (body.Length > MaxBody) return Refuse(400, "1005", "too large");
        try
        {
            using var document = JsonDocument.Parse(body);
            return JudgePush(document.RootElement, dryRun: path.EndsWith("validate", StringComparison.Ordinal));
        }
        // The latter: half a surrogate pair, or a text where an object belongs.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse(400, "1003", "not JSON");
        }
    }

    public void Taken(IReadOnlyList<LedgerEntry> entries)
    {
        if (entries[0].Body.TryGetProperty("cid", out var cid)) sent[cid.GetString()!] = (entries[0].At, entries[0].Id); // a text: checked
    }

    public Answer Error(int status, string? code)
    {
        code ??= JPushErrors.UsualCode(status);
        return JPushErrors.Of(status, code, JPushErrors.Message(code));
    }

    public Answer DeadRecipient() => Error(400, "1011");

    public IReadOnlyList<Header> Wait(string raw) => [new("x-rate-limit-reset", raw)];

    private Verdict JudgePush(JsonElement push, bool dryRun)
    {
        if (PushRules.Violation(push, credentials.JPushAppKey) is { } wrong) return Refuse(400, wrong.Code, wrong.Why);
        var (now, cid) = (clock.GetUtcNow(), push.TryGetProperty("cid", out var given) ? given.GetString() : null);
        // The same again within a day: the first result, and nothing is sent.
        if (cid is not null && sent.TryGetValue(cid, out var first) && now - first.At < CidLife) return Verdict.Accept(Result(push, first.MessageId), [], "", null);

        var id = RandomNumberGenerator.GetString("123456789", 17);
        var recipients = PushRules.Recipients(push).ToList();
        var entries = dryRun ? [] : recipients.Select(to => new LedgerEntry
        {
            At = now, Provider = Name, Id = id, To = to, ChannelHint = Channel(push),
            MessageKey = cid?[(credentials.JPushAppKey.Length + 1)..],
        }.Written(push, static (json, whole) =>
        {
            json.WritePropertyName("body");
            whole.WriteTo(json);
        })).ToList();
        return Verdict.Accept(Result(push, id), entries, recipients[0], recipients.Select(MagicRecipient.InToken).FirstOrDefault(fault => fault is not null));
    }

    private static Answer Result(JsonElement push, string id)
    {
        var sendno = push.TryGetProperty("options", out var options) && options.TryGetProperty("sendno", out var number) ? number.ToString() : "0";
        return Answer.Json(200, $$"""{"sendno":"{{sendno}}","msg_id":"{{id}}"}""") with { Headers = JPushErrors.Quota };
    }

    private static string Channel(JsonElement push) =>
        push.GetProperty("platform") is { ValueKind: JsonValueKind.Array } platforms && platforms.EnumerateArray().All(one => one.GetString() == "ios")
            ? "ios_push" : "android_push";

    private static Verdict Refuse(int status, string code, string why) => Verdict.Refuse(JPushErrors.Of(status, code, why));
}
