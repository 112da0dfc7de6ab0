using System.Globalization;
using System.Text.Json;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.Vonage;

internal static class VonageErrors
{
    /// A problem of the Messages API; the code is the end of its type.
    public static Answer Problem(int status, int? code, string title, string? parameter = null)
    {
        var body = new Dictionary<string, object>
        {
            ["type"] = code is null ? "https://developer.vonage.com/api-errors" : string.Create(CultureInfo.InvariantCulture, $"https://developer.vonage.com/api-errors/messages#{code}"),
            ["title"] = title,
            ["detail"] = title,
            ["instance"] = Guid.CreateVersion7().ToString("N"),
        };
        if (parameter is not null) body["invalid_parameters"] = new[] { new { name = parameter, reason = title } };
        return new Answer(status, JsonSerializer.SerializeToUtf8Bytes(body), "application/problem+json");
    }

    public static Answer Usual(int status, string? code) => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? Problem(status, number, "Refused")
        : status switch
        {
            401 => Problem(401, null, "Unauthorized"),
            402 => Problem(402, 1070, "Low balance"),
            403 => Problem(403, 1080, "Forbidden"),
            422 => Problem(422, 1020, "Invalid params"),
            429 => Problem(429, 1000, "Throttled"),
            >= 500 => Problem(status, 1100, "Internal error"),
            _ => Problem(status, null, "Refused"),
        };

    /// The older API says 200 to everything, and then what it thinks of each part.
    public static Answer Sms(string status, string text) => Answer.Json(200,
        $$"""{"message-count":"1","messages":[{"status":"{{status}}","error-text":"{{text}}"}]}""");
}
