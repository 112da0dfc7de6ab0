using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Sms.Twilio;

internal sealed class TwilioOptions : VendorOptions
{
    public const string Section = "Channels:Twilio";

    [Required] public Uri BaseAddress { get; init; } = new("https://api.twilio.com");
    public string? AccountSid { get; init; }
    /// An API key can be revoked by itself; it is preferred to the account's auth token.
    public string? ApiKeySid { get; init; }
    [Secret] public string? ApiKeySecret { get; init; }
    /// Also what Twilio signs its calls with, whatever we sign in with.
    [Secret] public string? AuthToken { get; init; }
    /// The other of the two while they are changed: their calls may be signed with either.
    [Secret] public string? SecondaryAuthToken { get; init; }
    /// The sender: a number of the account, or (preferred) a messaging service that picks one.
    public string? From { get; init; }
    public string? MessagingServiceSid { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings =>
    [
        new(nameof(AccountSid), AccountSid),
        IsSet(ApiKeySid) || IsSet(ApiKeySecret)
            ? IsSet(ApiKeySid) ? new(nameof(ApiKeySecret), ApiKeySecret) : new(nameof(ApiKeySid), ApiKeySid)
            : new($"{nameof(ApiKeySid)} and {nameof(ApiKeySecret)} (or {nameof(AuthToken)})", AuthToken),
        new($"{nameof(From)} (or {nameof(MessagingServiceSid)})", IsSet(From) ? From : MessagingServiceSid),
    ];

    public override bool IsConfigured => base.IsConfigured || IsSet(ApiKeySid) || IsSet(ApiKeySecret);

    public (string User, string Secret) Credentials => IsSet(ApiKeySid) ? (ApiKeySid!, ApiKeySecret!) : (AccountSid!, AuthToken!);
}
