using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Fcm;

/// FCM's answers in our words. The code is that of the FcmError detail, else the status of the error itself.
internal static class FcmReply
{
    // A quota is per minute; Google gives no Retry-After with every refusal.
    private static readonly TimeSpan QuotaWindow = TimeSpan.FromSeconds(60);

    public static SendOutcome Outcome(WireReply reply, TimeProvider clock)
    {
        if (reply.Fault is { } fault) return fault;
        using var json = reply.Json();
        if (reply.Status == 200 && Text(json?.RootElement, "name") is { Length: > 0 } name) return SendOutcome.Accepted(name);

        var error = json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty("error", out var e) ? e : (JsonElement?)null;
        var code = DetailCode(error) ?? Text(error, "status");
        return (reply.Status, code) switch
        {
            (404, "UNREGISTERED") => Dead(code),
            (403, "SENDER_ID_MISMATCH") => Dead(code),
            (400, "INVALID_ARGUMENT") when BlamesToken(error) => Dead(code),
            (401, not null) => SendOutcome.Misconfigured(code, "FCM refused our credentials, or has bad ones of its own for APNs or web push"),
            (404, _) => SendOutcome.Misconfigured(code ?? "NOT_FOUND", "FCM does not know the project of the service account"),
            (429, _) => SendOutcome.Throttled(code ?? "RESOURCE_EXHAUSTED", "FCM quota used up", reply.RetryAfter(clock) ?? QuotaWindow),
            ( < 500, "UNSPECIFIED_ERROR") => SendOutcome.Transient(code, "FCM gave no reason"),
            _ => reply.ByStatus("FCM", clock, code),
        };
    }

    /// The answer to the second try: a fresh token that is refused means that the account may not send.
    public static SendOutcome Final(WireReply reply, TimeProvider clock) =>
        WantsNewToken(reply)
            ? SendOutcome.Misconfigured("UNAUTHENTICATED", "FCM refused a fresh access token: check the service account")
            : Outcome(reply, clock);

    public static bool WantsNewToken(WireReply reply)
    {
        if (reply.Status != 401) return false;
        using var json = reply.Json();
        var error = json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty("error", out var e) ? e : (JsonElement?)null;
        return (DetailCode(error) ?? Text(error, "status")) is null or "UNAUTHENTICATED";
    }

    private static string? DetailCode(JsonElement? error)
    {
        foreach (var detail in Details(error))
            if (Text(detail, "@type") == "type.googleapis.com/google.firebase.fcm.v1.FcmError" && Text(detail, "errorCode") is { } code) return code;
        return null;
    }

    /// A bad argument is the address's fault only if FCM says so; else the message is at fault, and the device stays.
    private static bool BlamesToken(JsonElement? error)
    {
        foreach (var detail in Details(error))
            if (detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty("fieldViolations", out var fields) && fields.ValueKind == JsonValueKind.Array)
                foreach (var field in fields.EnumerateArray())
                    if (Text(field, "field") == "message.token") return true;
        return Text(error, "message") is { } text
            && text.Contains("registration token", StringComparison.OrdinalIgnoreCase) && text.Contains("not", StringComparison.OrdinalIgnoreCase);
    }

    private static JsonElement.ArrayEnumerator Details(JsonElement? error) =>
        error is { ValueKind: JsonValueKind.Object } of && of.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Array
            ? details.EnumerateArray()
            : default;

    private static string? Text(JsonElement? of, string member) =>
        of is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static SendOutcome Dead(string code) => SendOutcome.AddressDead(code, "FCM says that the registration token is not valid for this project");
}
