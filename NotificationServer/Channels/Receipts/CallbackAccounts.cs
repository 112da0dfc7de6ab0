using Microsoft.Extensions.Options;
using NotificationServer.Channels.Sms;
using NotificationServer.Channels.Sms.Twilio;

namespace NotificationServer.Channels.Receipts;

/// Whose callbacks are known: the accounts of configuration, each under its vendor's name, and those that people added, under their keys.
/// Twilio's also under their SID, which is what a message can name without knowing what we call the account; each signs with its own
/// token. The other vendors' accounts share what is set for the vendor.
internal sealed class CallbackAccounts(
    IOptionsMonitor<CallbackOptions> callbacks, IOptionsMonitor<InboundSmsOptions> sms, IOptionsMonitor<TwilioOptions> twilio, ProviderAccounts accounts)
{
    /// Null: there is no such account. Without keys: there is, but nobody set by what its callbacks are known.
    public CallbackSecrets? Find(string vendor, string account)
    {
        var (options, texts) = (callbacks.CurrentValue, sms.CurrentValue);
        if (vendor == "twilio" && Added(account) is { } added) return Of(added.Key, options, ((TwilioOptions)added.Settings!).AuthToken); // looked for by it
        if (account != vendor && !(vendor == "twilio" && account == twilio.CurrentValue.AccountSid) && accounts.Find(account)?.Vendor != vendor) return null;
        var key = vendor == "twilio" ? vendor : account;
        return vendor switch
        {
            "twilio" => Of(key, options, texts.TwilioAuthToken ?? twilio.CurrentValue.AuthToken, texts.TwilioSecondaryAuthToken),
            "vonage" => Of(key, options, texts.VonageSignatureSecret) with { Method = texts.VonageSignatureMethod },
            "sendgrid" => Of(key, options, options.SendGridPublicKey),
            "mailchimp" => Of(key, options, options.MailchimpKey),
            _ => null,
        };
    }

    private ProviderAccount? Added(string account) => accounts.All.FirstOrDefault(
        one => !one.IsConfigured && one.Settings is TwilioOptions settings && (one.Key == account || settings.AccountSid == account));

    private static CallbackSecrets Of(string account, CallbackOptions options, params string?[] keys) => new()
    {
        Account = account,
        Keys = [.. keys.OfType<string>().Where(key => key.Length > 0)],
        MaxAge = options.MaxAge,
    };
}
