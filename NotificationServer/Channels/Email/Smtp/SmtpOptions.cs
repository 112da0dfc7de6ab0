using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace NotificationServer.Channels.Email.Smtp;

internal enum SmtpSecurity
{
    /// Plain at first, TLS before anything that matters (587). A server that does not offer it is not used.
    StartTls,
    /// TLS from the first byte (465).
    Implicit,
}

/// A mail server of anybody's. There is no way to use one without TLS.
internal sealed class SmtpOptions : VendorOptions
{
    public const string Section = "Channels:Smtp";

    private const string Second = "00:00:01";
    private const string Hour = "01:00:00";

    public string? Host { get; init; }
    [Range(1, 65535)] public int Port { get; init; } = 587;
    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;
    /// None: a relay that knows us by our address.
    public string? User { get; init; }
    [Secret] public string? Password { get; init; }
    /// An OAuth access token in place of a password (XOAUTH2).
    [Secret] public string? AccessToken { get; init; }
    /// A file with that token, which something else keeps fresh: read for each connection.
    public string? AccessTokenFile { get; init; }
    /// The sender of messages that name none.
    public string? From { get; init; }
    public string? FromName { get; init; }
    /// Where bounces go: `bounce@mail.example.org` becomes `bounce+{message id}@mail.example.org`. Null: `bounce` at the sender's domain.
    public string? BounceAddress { get; init; }
    /// How we greet: our own host's name. Null: the sender's domain.
    public string? HelloName { get; init; }

    /// The domain whose key signs; null: mail is not signed here.
    public string? DkimDomain { get; init; }
    public string? DkimSelector { get; init; }
    /// The RSA key (PKCS#8 PEM, 2048 bits).
    public string? DkimKeyFile { get; init; }
    /// The content of that file itself, where there is no place for a file.
    [Secret] public string? DkimKey { get; init; }

    [Range(1, 100)] public int MaxConnections { get; init; } = 10;
    /// Many servers end a connection after about so many.
    [Range(1, 10_000)] public int MessagesPerConnection { get; init; } = 100;
    [Range(typeof(TimeSpan), Second, Hour)] public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    protected override string SectionName => Section;

    /// In the words of the rule that credentials go out under TLS alone: both ways of talking to this server do.
    protected override Uri Address => new("https://localhost");

    protected override IReadOnlyList<Setting> Settings =>
    [
        new(nameof(Host), Host),
        new(nameof(From), From),
        .. IsSet(User) ? (Setting[])[Credential] : IsSet(Password) || IsSet(AccessToken) || IsSet(AccessTokenFile) ? [new(nameof(User), User)] : [],
        .. Signs ? (Setting[])[new(nameof(DkimDomain), DkimDomain), new(nameof(DkimSelector), DkimSelector), SigningKey] : [],
    ];

    public override bool IsConfigured => base.IsConfigured || IsSet(Password) || UsesToken;

    public bool Signs => IsSet(DkimDomain) || IsSet(DkimSelector) || IsSet(DkimKeyFile) || IsSet(DkimKey);
    public bool UsesToken => IsSet(AccessToken) || IsSet(AccessTokenFile);

    private Setting Credential =>
        IsSet(AccessTokenFile) ? new(nameof(AccessTokenFile), AccessTokenFile, IsFile: true)
        : IsSet(AccessToken) ? new(nameof(AccessToken), AccessToken)
        : new($"{nameof(Password)} (or {nameof(AccessToken)})", Password);

    private Setting SigningKey => IsSet(DkimKey) ? new(nameof(DkimKey), DkimKey) : new(nameof(DkimKeyFile), DkimKeyFile, IsFile: true);

    /// Only of settings that are valid.
    public RSA Key()
    {
        var key = RSA.Create();
        key.ImportFromPem(IsSet(DkimKey) ? DkimKey! : File.ReadAllText(DkimKeyFile!));
        return key;
    }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext)) yield return problem;
        foreach (var (name, address) in new[] { (nameof(From), From), (nameof(BounceAddress), BounceAddress) })
            if (IsSet(address) && MailPath.Of(address!) is null) yield return new($"{Section}:{name}: not a mail address", [name]);
        if (IsSet(HelloName) && !MailPath.IsDomain(HelloName!)) yield return new($"{Section}:{nameof(HelloName)}: not the name of a host", [nameof(HelloName)]);
        if (IsSet(DkimKey) && !IsKey()) yield return new($"{Section}:{nameof(DkimKey)}: not a PEM key of RSA", [nameof(DkimKey)]);
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
