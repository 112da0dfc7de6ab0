using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace NotificationServer.Channels.Push.WebPush;

internal sealed class WebPushOptions : VendorOptions
{
    public const string Section = "Channels:WebPush";

    /// Whom a push service may write to about us: mailto: or https:. Apple refuses anything else.
    public string? Subject { get; init; }
    /// The VAPID key as browsers got it (applicationServerKey): 65 bytes in base64url. A changed key makes every subscription useless.
    public string? PublicKey { get; init; }
    /// Its other half: 32 bytes in base64url.
    [Secret] public string? PrivateKey { get; init; }
    /// A file with the private key alone, where it shall not stand in the settings.
    public string? PrivateKeyFile { get; init; }
    /// Most bytes of a message before encryption. 3993 is what every service takes; Firefox on Android is sure of 2744 only.
    [Range(256, Largest)] public int MaxPayload { get; init; } = Largest;
    /// The push services that may be posted to: `host`, `*.domain`, `host:port`. Empty: those of the big browsers.
    public string[] Hosts { get; init; } = [];
    /// Further ones.
    public string[] MoreHosts { get; init; } = [];

    private const int Largest = FittingBody.MostBytes - WebPushEncryption.Overhead;

    protected override string SectionName => Section;
    // The address is each subscription's own; PushHosts judges it.
    protected override Uri Address => new("https://subscription.invalid");
    protected override IReadOnlyList<Setting> Settings =>
    [
        new(nameof(Subject), Subject),
        new(nameof(PublicKey), PublicKey),
        IsSet(PrivateKey) ? new(nameof(PrivateKey), PrivateKey) : new(nameof(PrivateKeyFile), PrivateKeyFile, IsFile: true),
    ];

    public IEnumerable<string> AllowedHosts => (Hosts.Length > 0 ? Hosts : PushHosts.Known).Concat(MoreHosts);

    /// Only of settings that are valid.
    public ECDsa Key() => ECDsa.Create(Subscription.Parameters(Base64Url.DecodeFromChars(PublicKey!)) with
    {
        D = Base64Url.DecodeFromChars((IsSet(PrivateKey) ? PrivateKey! : File.ReadAllText(PrivateKeyFile!)).Trim()),
    });

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var complete = true;
        foreach (var problem in base.Validate(validationContext))
        {
            complete = false;
            yield return problem;
        }
        foreach (var host in Hosts.Concat(MoreHosts))
            if (!PushHosts.IsHost(host)) yield return new($"{Section}:{nameof(Hosts)}: {host} is no host name");
        if (!complete || !IsConfigured) yield break;
        if (!Uri.TryCreate(Subject, UriKind.Absolute, out var subject) || subject.Scheme is not ("mailto" or "https"))
            yield return new($"{Section}:{nameof(Subject)} must begin with mailto: or https:");
        if (KeyProblem() is { } wrong) yield return new($"{Section}:{nameof(PublicKey)}: {wrong}");
    }

    private string? KeyProblem()
    {
        if (!Base64Url.IsValid(PublicKey) || !Subscription.IsOnCurve(Base64Url.DecodeFromChars(PublicKey))) return "not a public VAPID key";
        try
        {
            using var whole = Key();
            using var half = ECDsa.Create(Subscription.Parameters(Base64Url.DecodeFromChars(PublicKey)));
            // Browsers hold the public half: a private key of another pair would have every message refused.
            return half.VerifyData("pair"u8, whole.SignData("pair"u8, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256)
                ? null : "the private key belongs to another public key";
        }
        catch (Exception e) when (e is FormatException or CryptographicException or IOException)
        {
            return "the private key beside it cannot be read, or belongs to another public key";
        }
    }
}
