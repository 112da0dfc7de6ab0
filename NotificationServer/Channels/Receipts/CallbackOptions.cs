using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Receipts;

/// What providers tell of messages after they took them, at `POST /in/{vendor}/{account}`. Twilio's token and Vonage's secret are
/// those of `Channels:InboundSms`.
internal sealed class CallbackOptions
{
    public const string Section = "Channels:Callbacks";

    /// Ask Twilio to call back, wherever `Links:PublicUrl` is set. Off where a messaging service has a callback of its own.
    public bool TwilioStatus { get; init; } = true;

    /// The same of Vonage, where an account names no `StatusUrl` of its own.
    public bool VonageStatus { get; init; } = true;

    /// The key of SendGrid's signed event webhook, as its page shows it: base64, no PEM lines.
    public string? SendGridPublicKey { get; init; }

    /// The key that Mailchimp Transactional shows beside the webhook.
    public string? MailchimpKey { get; init; }

    /// How far a signed time may be away. Providers that try again for a day sign each try anew.
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);
}
