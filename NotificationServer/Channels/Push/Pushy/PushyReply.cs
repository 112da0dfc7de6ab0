using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Pushy;

/// Pushy's answers in our words. Its codes are documented, the statuses that they come with are not: the code decides.
internal static class PushyReply
{
    public static SendOutcome Outcome(WireReply reply, string token, TimeProvider clock)
    {
        if (reply.Fault is { } fault) return fault;
        using var json = reply.Json();
        var body = json is { RootElement.ValueKind: JsonValueKind.Object } ? json.RootElement : default;
        if (reply.Status == 200 && IsSuccess(body) && Text(body, "id") is { Length: > 0 } id)
            return Failed(body, token) ? Dead("failed") : SendOutcome.Accepted(id);

        return Text(body, "code") switch
        {
            "NO_RECIPIENTS" => Dead("NO_RECIPIENTS"),
            "RATE_LIMIT_EXCEEDED" => SendOutcome.Throttled("RATE_LIMIT_EXCEEDED", "Pushy's rate limit is reached", reply.RetryAfter(clock)),
            "INTERNAL_SERVER_ERROR" => SendOutcome.Transient("INTERNAL_SERVER_ERROR", "Pushy has trouble of its own", reply.RetryAfter(clock)),
            ("NO_APNS_AUTH" or "INVALID_API_KEY" or "AUTH_LIMIT_EXCEEDED" or "ACCOUNT_SUSPENDED") and var code =>
                SendOutcome.Misconfigured(code, $"Pushy refused the key or the app's set-up ({code})"),
            ("PAYLOAD_LIMIT_EXCEEDED" or "INVALID_PARAM" or "INVALID_PUSH_ID") and var code =>
                SendOutcome.Permanent(code, $"Pushy refused the request ({code})"),
            _ => reply.ByStatus("Pushy", clock),
        };
    }

    private static bool IsSuccess(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.True;

    /// Sent to no one: the only token there was is among those that Pushy does not know.
    private static bool Failed(JsonElement body, string token)
    {
        if (!body.TryGetProperty("info", out var info) || info.ValueKind != JsonValueKind.Object
            || !info.TryGetProperty("failed", out var failed) || failed.ValueKind != JsonValueKind.Array) return false;
        foreach (var one in failed.EnumerateArray())
            if (one.ValueKind == JsonValueKind.String && one.ValueEquals(token)) return true;
        return false;
    }

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static SendOutcome Dead(string code) => SendOutcome.AddressDead(code, "Pushy does not know the device token");
}
