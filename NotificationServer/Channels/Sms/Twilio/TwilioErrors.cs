using System.Globalization;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Sms.Twilio;

/// Twilio's error codes in our words. It asks not to depend on the wording of its messages, so only numbers count.
internal static class TwilioErrors
{
    public static SendOutcome Outcome(WireReply reply, int? number, TimeProvider clock)
    {
        var code = number?.ToString(CultureInfo.InvariantCulture) ?? $"http_{reply.Status}";
        return (reply.Status, number) switch
        {
            // Opted out (21610), no mobile (21614), not a number (21211), a premium number (21268): for good.
            (400, 21211 or 21268 or 21610 or 21614) => SendOutcome.AddressDead(code, $"Twilio cannot reach this number ({code})"),
            // Sender, account, permissions.
            (400, 21212 or 21408 or 21603 or 21606 or 21608 or 21609 or 21701 or 21703 or 21704) =>
                SendOutcome.Misconfigured(code, $"Twilio refused the sender or the account's set-up ({code})"),
            (404, _) => SendOutcome.Misconfigured(code, "Twilio does not know the account: check Channels:Twilio:AccountSid"),
            (400, 21611) => SendOutcome.Throttled(code, "Twilio's queue of this sender is full", reply.RetryAfter(clock)),
            // Without Twilio's own error the message may exist already, and an SMS costs money and patience twice.
            ( >= 500, null) => SendOutcome.Unknown(code, $"Twilio answered {reply.Status} without a reason: the message may exist"),
            _ => reply.ByStatus("Twilio", clock, code),
        };
    }
}
