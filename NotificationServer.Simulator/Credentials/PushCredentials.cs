using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace NotificationServer.Simulator.Credentials;

/// What a sender must know to be let in by the push providers beside Apple's and Google's, and what the one browser knows that all
/// web push subscriptions here belong to.
internal sealed record PushCredentials
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public required string VapidSubject { get; init; }
    public required string VapidPublicKey { get; init; }
    public required string VapidPrivateKey { get; init; }
    public required string WebPushPublicKey { get; init; }
    public required string WebPushPrivateKey { get; init; }
    public required string WebPushAuth { get; init; }
    public required string JPushAppKey { get; init; }
    public required string JPushMasterSecret { get; init; }
    public required string PushyApiKey { get; init; }

    /// The directory's own, made at the first start.
    public static PushCredentials LoadOrGenerate(string directory)
    {
        var file = Path.Combine(directory, "push-credentials.json");
        if (File.Exists(file))
        {
            return JsonSerializer.Deserialize<PushCredentials>(File.ReadAllText(file))
                ?? throw new InvalidDataException($"{file} holds no credentials");
        }

        var fresh = Generate();
        SecretFile.Write(file, JsonSerializer.Serialize(fresh, Indented));
        return fresh;
    }

    public static PushCredentials Generate()
    {
        var (vapid, browser) = (KeyPair(), KeyPair());
        return new PushCredentials
        {
            VapidSubject = "mailto:push@mail.example.org",
            VapidPublicKey = vapid.Public,
            VapidPrivateKey = vapid.Private,
            WebPushPublicKey = browser.Public,
            WebPushPrivateKey = browser.Private,
            WebPushAuth = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            JPushAppKey = Hex(24),
            JPushMasterSecret = Hex(24),
            PushyApiKey = Hex(64),
        };
    }

    /// What a browser would hand out for this endpoint; it is the token of a device.
    public string Subscription(Uri service, string name) => JsonSerializer.Serialize(new
    {
        endpoint = new Uri(service, "/wpush/v2/" + Uri.EscapeDataString(name)).ToString(),
        keys = new { p256dh = WebPushPublicKey, auth = WebPushAuth },
    });

    private static (string Public, string Private) KeyPair()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = key.ExportParameters(includePrivateParameters: true);
        return (Base64Url.EncodeToString([4, .. parts.Q.X!, .. parts.Q.Y!]), Base64Url.EncodeToString(parts.D)); // an exported key has all three
    }

    private static string Hex(int digits) => RandomNumberGenerator.GetHexString(digits, lowercase: true);
}
