using System.Globalization;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.JPush;

/// JPush's answers in our words.
internal static class JPushReply
{
    // "Too many" without a word of how long: the quota is a minute's; a volume judged excessive wants a person's attention too.
    private static readonly TimeSpan QuotaWindow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Excessive = TimeSpan.FromMinutes(10);

    public static SendOutcome Outcome(WireReply reply, TimeProvider clock)
    {
        if (reply.Fault is { } fault) return fault;
        using var json = reply.Json();
        var body = json is { RootElement.ValueKind: JsonValueKind.Object } ? json.RootElement : default;
        // A 64-bit number, as text or as a number.
        if (reply.Status == 200 && Member(body, "msg_id") is { } id && Text(id) is { Length: > 0 } text) return SendOutcome.Accepted(text);

        var error = Member(body, "error");
        int? number = error is { } e && Member(e, "code") is { } c && c.ValueKind == JsonValueKind.Number && c.TryGetInt32(out var n) ? n : null;
        var code = number?.ToString(CultureInfo.InvariantCulture) ?? $"http_{reply.Status}";
        return (reply.Status, number) switch
        {
            (_, 1011) => Dead(code),
            // Also the answer to any other value that is not legal; only the address's own fault takes the address out.
            (_, 1003) when BlamesToken(error) => Dead(code),
            (_, 1004 or 1008 or 1020 or 2003 or 2004 or 2006 or 2007) =>
                SendOutcome.Misconfigured(code, $"JPush refused our keys or what the account may do ({code})"),
            (_, 2005) => SendOutcome.Throttled(code, "JPush judges the volume excessive", Wait(reply, clock) ?? Excessive),
            (_, 1012 or 2002) or (429, _) => SendOutcome.Throttled(code, "JPush's quota is used up", Wait(reply, clock) ?? QuotaWindow),
            (_, 1000 or 1030) => SendOutcome.Transient(code, "JPush has trouble of its own", Wait(reply, clock)),
            _ => reply.ByStatus("JPush", clock, code),
        };
    }

    /// Seconds until the next window of the quota.
    private static TimeSpan? Wait(WireReply reply, TimeProvider clock) =>
        RetryAfterHeader.Parse(reply.Header("X-Rate-Limit-Reset"), clock.GetUtcNow()) ?? reply.RetryAfter(clock);

    private static bool BlamesToken(JsonElement? error) =>
        error is { } e && Member(e, "message") is { ValueKind: JsonValueKind.String } message
        && message.GetString()!.Contains("registration_id", StringComparison.OrdinalIgnoreCase); // a string

    private static string? Text(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;

    private static JsonElement? Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value : null;

    private static SendOutcome Dead(string code) => SendOutcome.AddressDead(code, "JPush knows no device by this registration id");
}
