using System.Globalization;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.Apns;

internal static class ApnsErrors
{
    public static Answer Reason(int status, string reason) => Answer.Json(status, $$"""{"reason":"{{reason}}"}""");

    /// Only 410 tells since when.
    public static Answer Gone(string reason, DateTimeOffset since) => Answer.Json(410, string.Create(
        CultureInfo.InvariantCulture, $$"""{"reason":"{{reason}}","timestamp":{{since.ToUnixTimeMilliseconds()}}}"""));

    public static string UsualReason(int status) => status switch
    {
        400 => "BadDeviceToken",
        403 => "InvalidProviderToken",
        404 => "BadPath",
        405 => "MethodNotAllowed",
        410 => "Unregistered",
        413 => "PayloadTooLarge",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalServerError",
    };
}
