using System.Globalization;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Sms.Vonage;

/// Vonage's numbers in our words: those of the SMS API's answer, and those of the Messages API. Two lists that share
/// nothing.
internal static class VonageCodes
{
    public static SendOutcome OfSms(int status, WireReply reply, TimeProvider clock) => Outcome(StatusOfSms(status), status, reply, clock);

    public static SendOutcome OfMessages(int code, WireReply reply, TimeProvider clock) => Outcome(StatusOfMessages(code), code, reply, clock);

    public static SendStatus StatusOfSms(int status) => status switch
    {
        0 => SendStatus.Accepted,
        1 or 10 => SendStatus.Throttled,
        5 => SendStatus.Transient,
        // Prefix not recognised, barred, de-activated.
        6 or 7 or 33 => SendStatus.AddressDead,
        // Credentials, account, credit, signature, sender, callback URL, demo account.
        4 or 8 or 9 or 11 or 14 or 15 or 23 or 29 or 32 => SendStatus.Misconfigured,
        _ => SendStatus.Permanent,
    };

    /// In answers, and as `error.title` in what is told later.
    public static SendStatus StatusOfMessages(int? code) => code switch
    {
        // "Already sent": the duplicate that never was.
        1320 => SendStatus.Accepted,
        1000 or 1241 => SendStatus.Throttled,
        1030 or 1100 or 1180 or 1220 or 1230 or 1290 or 1330 => SendStatus.Transient,
        1040 or 1050 or 1170 or 1190 or 1240 or 1260 or 1270 or 1280 or 1300 or 1310 => SendStatus.AddressDead,
        1060 or 1070 or 1080 or 1110 or 1120 or 1140 or 1160 or 1350 or 1370 => SendStatus.Misconfigured,
        _ => SendStatus.Permanent,
    };

    private static SendOutcome Outcome(SendStatus status, int number, WireReply reply, TimeProvider clock)
    {
        var code = number.ToString(CultureInfo.InvariantCulture);
        return status switch
        {
            SendStatus.Accepted => SendOutcome.Accepted(null),
            SendStatus.Throttled => SendOutcome.Throttled(code, "Vonage: too many requests", reply.RetryAfter(clock)),
            SendStatus.Transient => SendOutcome.Transient(code, $"Vonage cannot take it now ({code})", reply.RetryAfter(clock)),
            SendStatus.AddressDead => SendOutcome.AddressDead(code, $"Vonage cannot reach this number ({code})"),
            SendStatus.Misconfigured => SendOutcome.Misconfigured(code, $"Vonage refused the sender or the account's set-up ({code})"),
            SendStatus.Permanent => SendOutcome.Permanent(code, $"Vonage refused the message ({code})"),
            SendStatus.NotSent or SendStatus.Unknown => SendOutcome.Unknown(code, "Vonage's answer cannot be told"),
        };
    }
}
