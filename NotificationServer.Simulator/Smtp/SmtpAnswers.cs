using NotificationServer.Simulator.Faults;

namespace NotificationServer.Simulator.Smtp;

/// Refusals in a mail server's words.
internal static class SmtpAnswers
{
    public const string DeadRecipient = "550 5.1.1 Recipient address rejected: User unknown";

    /// A status with an enhanced code is SMTP's own (`451`, `4.7.1`); without one it is what HTTP vendors would answer, said
    /// in SMTP: there, 503 is a bad sequence of commands.
    public static string Of(Fault fault) => fault.Code is { } enhanced
        ? $"{fault.Status} {enhanced} Refused"
        : fault.Status switch
        {
            401 or 403 => "535 5.7.8 Authentication credentials invalid",
            404 or 410 => DeadRecipient,
            413 => "552 5.3.4 Message too big",
            429 => $"451 4.7.1 Too many messages{(fault.RetryAfter is { } wait ? $", try again in {wait} seconds" : "")}",
            >= 500 => "451 4.3.0 Temporary failure",
            _ => "550 5.7.1 Message refused",
        };
}
