using System.Globalization;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.WebPush;

/// The answers of the push services in our words. The status is common to all; Mozilla adds an errno, Apple a reason.
internal static class WebPushReply
{
    // Google says so in a sentence where Apple has a reason for it.
    private const string OtherKey = "do not correspond to the credentials";

    public static SendOutcome Outcome(WireReply reply, TimeProvider clock)
    {
        if (reply.Fault is { } fault) return fault;
        var (code, isOtherKey) = Read(reply);
        return (reply.Status, code) switch
        {
            // Stored, which is all that a push service ever says. Not all of them name the message.
            (200 or 201 or 202, _) => SendOutcome.Accepted(reply.Header("Location") ?? reply.Header("apns-id")),
            (400 or 401 or 403, _) when isOtherKey => Dead(code, "the subscription was made with another VAPID key"),
            (404 or 410, _) => Dead(code, "the push service says that the subscription is gone"),
            (301 or 308, _) => Dead(code, "the subscription has moved for good; the browser will bring its new address"),
            // Not followed: an answer must not choose whom we call. The service may have thought better of it at the next try.
            ( >= 300 and < 400, _) => SendOutcome.Transient("redirected", $"the push service answered {reply.Status}: redirects are not followed"),
            (400, "BadJwtToken") => Refused(code),
            (401 or 403, _) => Refused(code),
            (413, _) when reply.RetryAfter(clock) is { } wait => SendOutcome.Throttled(code, "the push service wants fewer or smaller messages", wait),
            _ => reply.ByStatus("the push service", clock, code),
        };
    }

    private static SendOutcome Dead(string code, string detail) => SendOutcome.AddressDead(code, detail);

    private static SendOutcome Refused(string code) =>
        SendOutcome.Misconfigured(code, "the push service refused our VAPID token: check Channels:WebPush:Subject, the key pair and this machine's clock");

    private static (string Code, bool IsOtherKey) Read(WireReply reply)
    {
        using var json = reply.Json();
        var body = json is { RootElement.ValueKind: JsonValueKind.Object } ? json.RootElement : default;
        var reason = Member(body, "reason") ?? (Member(body, "errno") is { } errno ? $"errno_{errno}" : null);
        return (reason ?? $"http_{reply.Status.ToString(CultureInfo.InvariantCulture)}",
            reason == "VapidPkHashMismatch" || reply.Body.AsSpan().IndexOf(OtherKeyBytes) >= 0);
    }

    /// Only what looks like a code: it is stored, and anything may stand in an answer.
    private static string? Member(JsonElement body, string name)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out var value)) return null;
        var text = value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : "";
        return text.Length is > 0 and <= 64 && text.All(char.IsAsciiLetterOrDigit) ? text : null;
    }

    private static readonly byte[] OtherKeyBytes = System.Text.Encoding.ASCII.GetBytes(OtherKey);
}
