using Microsoft.Extensions.Options;
using NotificationServer.Channels.Sms;
using NotificationServer.Channels.Sms.Twilio;

namespace NotificationServer.Channels.Receipts;

/// Whose callbacks are known: the accounts of configuration, each under its vendor's name. Twilio's also under its SID, which is what
/// a message can name without knowing what we call the account.
internal sealed class CallbackAccounts(
    IOptionsMonitor<CallbackOptions> callbacks, IOptionsMonitor<InboundSmsOptions> sms, IOptionsMonitor<TwilioOptions> twilio)
{
    /// Null: there is no such account. Without keys: there is, but nobody set by what its callbacks are known.
    public CallbackSecrets? Find(string vendor, string account)
    {
        var (options, texts) = (callbacks.CurrentValue, sms.CurrentValue);
        return vendor switch
        {
            "twilio" when account == vendor || account == twilio.CurrentValue.AccountSid =>
                Of(vendor, options, texts.TwilioAuthToken ?? twilio.CurrentValue.AuthToken, texts.TwilioSecondaryAuthToken),
            "vonage" when account == vendor => Of(vendor, options, texts.VonageSignatureSecret) with { Method = texts.VonageSignatureMethod },
            "sendgrid" when account == vendor => Of(vendor, options, options.SendGridPublicKey),
            "mailchimp" when account == vendor => Of(vendor, options, options.MailchimpKey),
            _ => null,
        };
    }

    private static CallbackSecrets Of(string account, CallbackOptions options, params string?[] keys) => new()
    {
        Account = account,
        Keys = [.. keys.OfType<string>().Where(key => key.Length > 0)],
        MaxAge = options.MaxAge,
    };
}
