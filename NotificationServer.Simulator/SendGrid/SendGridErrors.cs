using System.Text.Json;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.SendGrid;

internal static class SendGridErrors
{
    public static Answer Of(int status, string message, string? field = null) => new(
        status,
        JsonSerializer.SerializeToUtf8Bytes(new { errors = new[] { new { message, field, help = (string?)null } } }),
        "application/json");

    // Status and field carry the meaning; the wording is not to be relied on.
    public static string UsualMessage(int status) => status switch
    {
        400 => "Bad request",
        401 => "The provided authorization grant is invalid, expired, or revoked",
        403 => "access forbidden",
        404 => "not found",
        405 => "method not allowed",
        406 => "not acceptable",
        413 => "payload too large",
        415 => "unsupported media type",
        429 => "too many requests",
        _ => "Internal server error",
    };
}
