using System.Text;
using System.Text.Json;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.Fcm;

internal static class FcmErrors
{
    private const string FcmError = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
    private const string BadRequest = "type.googleapis.com/google.rpc.BadRequest";

    public static Answer Unauthenticated { get; } = Of(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");

    public static Answer InvalidToken { get; } =
        Invalid("The registration token is not a valid FCM registration token", "message.token", asFcmError: true);

    /// The message is at fault, at this field.
    public static Answer Invalid(string message, string field, bool asFcmError = false)
    {
        var violation = new Dictionary<string, object>
        {
            ["@type"] = BadRequest,
            ["fieldViolations"] = new[] { new Dictionary<string, string> { ["field"] = field, ["description"] = message } },
        };
        object[] details = asFcmError ? [Code("INVALID_ARGUMENT"), violation] : [violation];
        return Body(400, "INVALID_ARGUMENT", message, details);
    }

    public static Answer Of(int status, string code, string? message = null)
    {
        if (status is 502) return Html(502);
        object[]? details = IsFcmCode(code) ? [Code(code)] : null;
        return Body(status, Rpc(status), message ?? Message(code), details);
    }

    public static string UsualCode(int status) => status switch
    {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "SENDER_ID_MISMATCH",
        404 => "UNREGISTERED",
        429 => "QUOTA_EXCEEDED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    };

    /// Google's front end answers in HTML, whatever was asked.
    public static Answer Html(int status) =>
        new(status, Encoding.UTF8.GetBytes($"<!DOCTYPE html><html lang=en><title>Error {status}</title><p>That is an error.</html>\n"), "text/html; charset=UTF-8");

    private static bool IsFcmCode(string code) => code is
        "INVALID_ARGUMENT" or "THIRD_PARTY_AUTH_ERROR" or "APNS_AUTH_ERROR" or "SENDER_ID_MISMATCH" or "UNREGISTERED"
        or "QUOTA_EXCEEDED" or "INTERNAL" or "UNAVAILABLE" or "UNSPECIFIED_ERROR";

    private static string Rpc(int status) => status switch
    {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    };

    private static string Message(string code) => code switch
    {
        "UNREGISTERED" => "Requested entity was not found.",
        "QUOTA_EXCEEDED" => "Quota exceeded.",
        "SENDER_ID_MISMATCH" => "SenderId mismatch",
        "INVALID_ARGUMENT" => "Request contains an invalid argument.",
        "UNAVAILABLE" => "The service is currently unavailable.",
        _ => "Internal error encountered.",
    };

    private static Dictionary<string, string> Code(string code) => new() { ["@type"] = FcmError, ["errorCode"] = code };

    private static Answer Body(int status, string rpc, string message, object[]? details)
    {
        var error = new Dictionary<string, object> { ["code"] = status, ["message"] = message, ["status"] = rpc };
        if (details is not null) error["details"] = details;
        return new Answer(status, JsonSerializer.SerializeToUtf8Bytes(new { error }), "application/json; charset=UTF-8");
    }
}
