using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace NotificationServer.Channels.Sms.Vonage;

internal enum VonageApi
{
    /// Messages API v1: one answer for the text as a whole.
    Messages,
    /// The older SMS API: one answer a part.
    Sms,
}

internal sealed class VonageOptions : VendorOptions
{
    public const string Section = "Channels:Vonage";

    public VonageApi Api { get; init; } = VonageApi.Messages;
    [Required] public Uri BaseAddress { get; init; } = new("https://api.nexmo.com");
    /// The host of the older SMS API.
    [Required] public Uri SmsBaseAddress { get; init; } = new("https://rest.nexmo.com");
    public string? ApiKey { get; init; }
    [Secret] public string? ApiSecret { get; init; }
    /// With its key it signs the calls of the Messages API; preferred to the account's key and secret, which open everything.
    public string? ApplicationId { get; init; }
    /// The application's private key (PKCS#8 PEM).
    public string? PrivateKeyFile { get; init; }
    /// The content of that file itself, where there is no place for a file.
    [Secret] public string? PrivateKey { get; init; }
    /// A number of ours, or a name of up to 11 letters where the country allows it.
    public string? From { get; init; }
    /// Where Vonage tells what became of a message; null: at our own address, if Links:PublicUrl is set; else where the application's or
    /// the account's page says.
    public Uri? StatusUrl { get; init; }
    /// By what this account's callbacks are known; null: Channels:InboundSms:VonageSignatureSecret.
    [Secret] public string? SignatureSecret { get; init; }
    /// How the account's SMS API signs; null: Channels:InboundSms:VonageSignatureMethod.
    [RegularExpression("^(md5hash|md5|sha1|sha256|sha512)$")] public string? SignatureMethod { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => Api == VonageApi.Sms ? SmsBaseAddress : BaseAddress;
    protected override IReadOnlyList<Setting> Settings =>
    [
        .. Credentials,
        new(nameof(From), From),
    ];

    public override bool IsConfigured => base.IsConfigured || IsSet(ApiKey) || IsSet(ApiSecret) || IsSet(ApplicationId);

    /// What Vonage calls the account: its callbacks find it by that.
    public string? OwnName => Signs ? ApplicationId : ApiKey;

    /// Calls are signed with the application's key rather than with the account's secret.
    public bool Signs => Api == VonageApi.Messages && IsSet(ApplicationId);

    private Setting[] Credentials => Signs
        ? [IsSet(PrivateKey) ? new(nameof(PrivateKey), PrivateKey) : new(nameof(PrivateKeyFile), PrivateKeyFile, IsFile: true)]
        : [new(nameof(ApiKey), ApiKey), new(nameof(ApiSecret), ApiSecret)];

    /// Only of settings that are valid.
    public RSA Key()
    {
        var key = RSA.Create();
        key.ImportFromPem(IsSet(PrivateKey) ? PrivateKey! : File.ReadAllText(PrivateKeyFile!));
        return key;
    }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext)) yield return problem;
        if (Signs && IsSet(PrivateKey) && !IsKey()) yield return new($"{Section}:{nameof(PrivateKey)}: not a PEM key of RSA", [nameof(PrivateKey)]);
    }

    private bool IsKey()
    {
        try
        {
            using var key = Key();
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
