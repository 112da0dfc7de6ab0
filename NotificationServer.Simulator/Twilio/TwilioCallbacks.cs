using System.Globalization;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Credentials;

namespace NotificationServer.Simulator.Twilio;

/// The status callbacks of one message. There is none for the first status: the answer has told it.
internal static class TwilioCallbacks
{
    public static IReadOnlyList<CallbackCall> Of(SmsForm message, string sid, SimulatorCredentials credentials)
    {
        if (message.Form["StatusCallback"] is not { Length: > 0 } url) return [];
        var error = LaterFate.InPhone(message.To!); // checked by the rules
        return [Call("sent", null), error is null ? Call("delivered", null) : Call("undelivered", error)];

        CallbackCall Call(string status, string? code) => new("twilio", url, now =>
        {
            var fields = Fields(message, sid, status, code, credentials, now);
            return new CallbackBody(CallbackBody.Form(fields), "application/x-www-form-urlencoded",
            [
                new("X-Twilio-Signature", CallbackSignature.Twilio(credentials.TwilioAuthToken, url, fields)),
                new("I-Twilio-Idempotency-Token", $"{sid}-{status}"),
            ]);
        });
    }

    private static List<KeyValuePair<string, string>> Fields(
        SmsForm message, string sid, string status, string? code, SimulatorCredentials credentials, DateTimeOffset now)
    {
        var fields = new List<KeyValuePair<string, string>>
        {
            new("AccountSid", credentials.TwilioAccountSid),
            new("ApiVersion", "2010-04-01"),
            new("From", credentials.TwilioFrom),
            new("MessageSid", sid),
            new("MessageStatus", status),
            new("SmsSid", sid),
            new("SmsStatus", status),
            new("To", message.To!), // checked by the rules
        };
        if (message.Service is { Length: > 0 } service) fields.Add(new("MessagingServiceSid", service));
        if (code is not null) fields.Add(new("ErrorCode", code));
        if (status == "delivered") fields.Add(new("RawDlrDoneDate", now.UtcDateTime.ToString("yyMMddHHmm", CultureInfo.InvariantCulture)));
        return fields;
    }
}
