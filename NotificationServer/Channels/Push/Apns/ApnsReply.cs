using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Apns;

/// Apple's answers in our words.
internal static class ApnsReply
{
    public static SendOutcome Outcome(WireReply reply, TimeProvider clock)
    {
        if (reply.Fault is { } fault) return fault;
        // The id is always echoed; a 200 without it came from something that is not APNs.
        if (reply.Status == 200 && reply.Header("apns-id") is { } id) return SendOutcome.Accepted(id);

        var reason = Reason(reply);
        return (reply.Status, reason) switch
        {
            (400, "BadDeviceToken" or "DeviceTokenNotForTopic") => Dead(reason),
            (410, _) => Dead(reason ?? "Unregistered") with { DeadSince = Since(reply) },
            (400, "BadTopic" or "MissingTopic" or "TopicDisallowed") =>
                SendOutcome.Misconfigured(reason, "APNs refused the topic: check Channels:Apns:Topic and the key"),
            (400, "IdleTimeout") => SendOutcome.Transient(reason, "APNs closed an idle connection"),
            (403, "ExpiredProviderToken") => SendOutcome.Transient(reason, "APNs wants a new provider token"),
            (403, not null) => SendOutcome.Misconfigured(reason, "APNs refused the provider token: check Channels:Apns:KeyId, TeamId and the key"),
            (429, "TooManyRequests") => SendOutcome.Throttled(reason, "too many pushes to one device", reply.RetryAfter(clock)),
            _ => reply.ByStatus("APNs", clock, reason),
        };
    }

    /// The answer to the second try: a fresh token that is "expired" means that a clock is wrong.
    public static SendOutcome Final(WireReply reply, TimeProvider clock) =>
        reply.Status == 403 && Reason(reply) == "ExpiredProviderToken" ? ClockIsWrong() : Outcome(reply, clock);

    public static SendOutcome ClockIsWrong() =>
        SendOutcome.Misconfigured("ExpiredProviderToken", "APNs calls a fresh provider token expired: check this machine's clock");

    public static string? Reason(WireReply reply)
    {
        using var json = reply.Json();
        return json is { RootElement.ValueKind: JsonValueKind.Object }
            && json.RootElement.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String
            ? reason.GetString()
            : null;
    }

    /// Milliseconds; with 410 alone.
    private static DateTimeOffset? Since(WireReply reply)
    {
        using var json = reply.Json();
        return json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty("timestamp", out var at)
            && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var milliseconds) && milliseconds is > 0 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    private static SendOutcome Dead(string reason) => SendOutcome.AddressDead(reason, "APNs says that the device token is not valid for this app");
}
