using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NotificationServer.Channels.Push.WebPush;

/// What a browser gives a site that may notify: where to post, and for whom to encrypt. It is a device's token, as the JSON text
/// that `JSON.stringify(subscription)` makes.
internal sealed record Subscription(Uri Endpoint, byte[] PublicKey, byte[] Secret)
{
    public const string NoSubscription = "invalid_subscription";
    public const string BadEndpoint = "invalid_endpoint";
    public const string BadPublicKey = "invalid_p256dh";
    public const string BadSecret = "invalid_auth";

    public const int PublicKeyBytes = 65;
    private const int SecretBytes = 16;
    private const byte Uncompressed = 4;
    private static readonly JsonSerializerOptions Spelling = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// In one spelling, so that the same subscription is the same token however a browser writes it.
    public string Token => JsonSerializer.Serialize(
        new
        {
            endpoint = Endpoint.OriginalString,
            keys = new { p256dh = Base64Url.EncodeToString(PublicKey), auth = Base64Url.EncodeToString(Secret) },
        }, Spelling);

    /// Null: it is none, and the code says what is wrong.
    public static Subscription? Parse(string text, out string code)
    {
        code = NoSubscription;
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var root = json.RootElement;
            return root.ValueKind != JsonValueKind.Object || Text(root, "endpoint") is not { } endpoint
                || !root.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Object
                || Text(keys, "p256dh") is not { } publicKey || Text(keys, "auth") is not { } secret
                ? null
                : Checked(endpoint, publicKey, secret, out code);
        }
        catch (JsonException)
        {
            // Text that is no JSON is no subscription.
            return null;
        }
    }

    /// What the words of the problem are.
    public static string Explain(string code) => code switch
    {
        BadEndpoint => "The endpoint of the subscription is no https address",
        BadPublicKey => "keys.p256dh is no uncompressed point of the curve P-256 (65 bytes in base64url)",
        BadSecret => "keys.auth is not 16 bytes in base64url",
        _ => "Give the browser's PushSubscription as JSON text: endpoint, keys.p256dh and keys.auth",
    };

    private static Subscription? Checked(string endpoint, string publicKey, string secret, out string code)
    {
        code = BadEndpoint;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps
            || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) return null;
        code = BadPublicKey;
        if (Bytes(publicKey) is not { Length: PublicKeyBytes } point || !IsOnCurve(point)) return null;
        code = BadSecret;
        return Bytes(secret) is { Length: SecretBytes } auth ? new Subscription(uri, point, auth) : null;
    }

    /// The point as the algorithms want it; only of a checked one.
    public static ECParameters Parameters(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
    };

    /// A point beside the curve would let whoever made it up learn of our key; the import of the key checks it.
    public static bool IsOnCurve(ReadOnlySpan<byte> point)
    {
        if (point.Length != PublicKeyBytes || point[0] != Uncompressed) return false;
        try
        {
            using var key = ECDiffieHellman.Create(Parameters(point));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// Browsers write base64url without padding, some libraries the older alphabet with it.
    private static byte[]? Bytes(string text)
    {
        var url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : null;
    }
}
