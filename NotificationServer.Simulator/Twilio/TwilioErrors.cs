using System.Globalization;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.Twilio;

internal static class TwilioErrors
{
    public static Answer Of(int status, int code) => Answer.Json(status, string.Create(CultureInfo.InvariantCulture,
        $$"""{"code":{{code}},"message":"{{Message(code)}}","more_info":"https://www.twilio.com/docs/errors/{{code}}","status":{{status}}}"""));

    public static int UsualCode(int status) => status switch
    {
        400 => 21211,
        401 => 20003,
        403 => 20005,
        404 => 20404,
        429 => 20429,
        _ => 20000 + status,
    };

    // Twilio asks not to depend on the wording.
    private static string Message(int code) => code switch
    {
        20003 => "Authenticate",
        20005 => "Account not active",
        20404 => "The requested resource was not found",
        20429 => "Too Many Requests",
        21211 => "Invalid 'To' Phone Number",
        21212 => "Invalid 'From' Number",
        21408 => "Permission to send to this region is not enabled",
        21602 => "Message body is required",
        21603 => "A 'From' number or a Messaging Service is required",
        21604 => "A 'To' number is required",
        21606 => "The 'From' number does not belong to the account",
        21609 => "The StatusCallback URL is not valid",
        21610 => "Attempt to send to unsubscribed recipient",
        21611 => "The queue of this 'From' number is full",
        21612 => "No route from this 'From' to this 'To'",
        21614 => "'To' number cannot receive messages",
        21617 => "The body exceeds 1600 characters",
        21620 => "A media URL is not valid",
        21701 => "The Messaging Service does not exist",
        _ => "Request failed",
    };
}
