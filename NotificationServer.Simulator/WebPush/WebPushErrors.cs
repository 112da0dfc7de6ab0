using System.Globalization;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.WebPush;

/// Errors as Mozilla's push service writes them, the only one that documents its own.
internal static class WebPushErrors
{
    public static Answer Of(int status, int errno, string message) => Answer.Json(status, string.Create(
        CultureInfo.InvariantCulture, $$"""{"code":{{status}},"errno":{{errno}},"error":"{{Name(status)}}","message":"{{message}}"}"""));

    public static int UsualErrno(int status) => status switch
    {
        400 => 110,
        401 or 403 => 109,
        404 => 102,
        410 => 106,
        413 => 104,
        502 => 900,
        503 => 201,
        _ => 999,
    };

    private static string Name(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        413 => "Payload Too Large",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    };
}
