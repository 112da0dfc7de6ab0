using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Sms;

/// The answers that people send by SMS, as providers hand them on to `POST /in/sms/twilio` and `POST /in/sms/vonage`.
internal sealed class InboundSmsOptions
{
    public const string Section = "Channels:InboundSms";

    /// Null: Channels:Twilio:AuthToken. An API key signs no callbacks, the account's token does.
    public string? TwilioAuthToken { get; init; }

    /// The other of the two while they are changed.
    public string? TwilioSecondaryAuthToken { get; init; }

    /// The account's signature secret, for both of Vonage's APIs.
    public string? VonageSignatureSecret { get; init; }

    /// How the SMS API signs, as the account is set: md5hash, md5, sha1, sha256 or sha512. The Messages API has one way only.
    [RegularExpression("^(md5hash|md5|sha1|sha256|sha512)$")]
    public string VonageSignatureMethod { get; init; } = "sha256";

    /// A signed call that is older than this is a repeat by somebody else. Vonage tries for a day, but signs each try anew.
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// Answer STOP, START and HELP in Twilio's reply. Off where the Twilio account does that itself.
    public bool Reply { get; init; } = true;

    /// Who is texting, at the beginning of each answer.
    [StringLength(40)]
    public string? ProgramName { get; init; }

    /// What HELP is answered with: an address or a number that people can turn to.
    [StringLength(80)]
    public string? HelpContact { get; init; }
}
