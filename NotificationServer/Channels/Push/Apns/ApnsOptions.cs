using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace NotificationServer.Channels.Push.Apns;

internal sealed class ApnsOptions : VendorOptions
{
    public const string Section = "Channels:Apns";

    /// https://api.sandbox.push.apple.com for development builds of the app.
    [Required] public Uri BaseAddress { get; init; } = new("https://api.push.apple.com");
    public string? KeyId { get; init; }
    public string? TeamId { get; init; }
    /// The .p8 file of the key (PKCS#8 PEM).
    public string? PrivateKeyFile { get; init; }
    /// The content of that file itself, where there is no place for a file.
    [Secret] public string? PrivateKey { get; init; }
    /// The app's bundle id; a device that names its own app id overrides it.
    public string? Topic { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings =>
    [
        new(nameof(KeyId), KeyId),
        new(nameof(TeamId), TeamId),
        IsSet(PrivateKey) ? new(nameof(PrivateKey), PrivateKey) : new(nameof(PrivateKeyFile), PrivateKeyFile, IsFile: true),
        new(nameof(Topic), Topic),
    ];

    /// Only of settings that are valid.
    public ECDsa Key()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(IsSet(PrivateKey) ? PrivateKey! : File.ReadAllText(PrivateKeyFile!));
        return key;
    }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext)) yield return problem;
        if (IsSet(PrivateKey) && !IsKey()) yield return new($"{Section}:{nameof(PrivateKey)}: not a PEM key of an elliptic curve");
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
