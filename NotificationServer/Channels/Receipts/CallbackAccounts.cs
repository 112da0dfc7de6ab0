using Microsoft.Extensions.Options;
using NotificationServer.Channels.Email.Mailchimp;
using NotificationServer.Channels.Email.SendGrid;
using NotificationServer.Channels.Sms;
using NotificationServer.Channels.Sms.Twilio;
using NotificationServer.Channels.Sms.Vonage;

namespace NotificationServer.Channels.Receipts;

/// Whose callbacks are known: the accounts of configuration, each under its vendor's name, and those that people added, under their keys.
/// Twilio's and Vonage's also under what the vendor calls them, which is what a message can name without knowing what we call the account.
/// Each is known by its own secret; one that has none, by what is set for the vendor.
internal sealed class CallbackAccounts(
    IOptionsMonitor<CallbackOptions> callbacks, IOptionsMonitor<InboundSmsOptions> sms, IOptionsMonitor<TwilioOptions> twilio, ProviderAccounts accounts)
{
    /// Of an account, or of a vendor by its own name.
    public string VendorOf(string account) => accounts.Find(account)?.Vendor ?? account;

    /// Null: there is no such account. Without keys: there is, but nobody set by what its callbacks are known.
    public CallbackSecrets? Find(string vendor, string account)
    {
        var own = accounts.Find(account) is { } named && named.Vendor == vendor ? named
            : accounts.All.FirstOrDefault(one => one.Vendor == vendor && NameOf(one.Settings) == account);
        if (own is null && account != vendor) return null;
        var (options, texts, key) = (callbacks.CurrentValue, sms.CurrentValue, own?.Key ?? vendor);
        return (vendor, own?.Settings) switch
        {
            // One that people added is not known by the token of another.
            ("twilio", TwilioOptions its) when own is { IsConfigured: false } && Of(key, options, its.AuthToken, its.SecondaryAuthToken) is { Keys.Count: > 0 } known => known,
            ("twilio", var its) => Of(key, options, texts.TwilioAuthToken ?? (its as TwilioOptions ?? twilio.CurrentValue).AuthToken,
                texts.TwilioSecondaryAuthToken ?? (its as TwilioOptions)?.SecondaryAuthToken),
            ("vonage", var its) => Of(key, options, Own(its as VonageOptions, one => one.SignatureSecret) ?? texts.VonageSignatureSecret) with
            {
                Method = Own(its as VonageOptions, one => one.SignatureMethod) ?? texts.VonageSignatureMethod,
            },
            ("sendgrid", var its) => Of(key, options, Own(its as SendGridOptions, one => one.WebhookPublicKey) ?? options.SendGridPublicKey),
            ("mailchimp", var its) => Of(key, options, Own(its as MailchimpOptions, one => one.WebhookKey) ?? options.MailchimpKey),
            _ => null,
        };
    }

    private static string? NameOf(VendorOptions? settings) => settings switch
    {
        TwilioOptions its => its.AccountSid,
        VonageOptions its => its.OwnName,
        _ => null,
    };

    private static string? Own<T>(T? settings, Func<T, string?> secret) where T : VendorOptions =>
        settings is not null && secret(settings) is { Length: > 0 } set ? set : null;

    private static CallbackSecrets Of(string account, CallbackOptions options, params string?[] keys) => new()
    {
        Account = account,
        Keys = [.. keys.OfType<string>().Where(key => key.Length > 0)],
        MaxAge = options.MaxAge,
    };
}
