using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NotificationServer.Channels.Sms.Vonage;

/// How Vonage signs: a token in the header (Messages API), or a parameter `sig` (SMS API).
internal static class VonageSignature
{
    private const string Bearer = "Bearer ";

    /// The token is HS256 and nothing else, was made by the secret, is fresh, and names the hash of this very body.
    public static bool TokenMatches(string secret, string authorization, ReadOnlySpan<byte> body, DateTimeOffset now, TimeSpan maxAge)
    {
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return false;
        var parts = authorization[Bearer.Length..].Trim().Split('.');
        if (parts.Length != 3 || !Array.TrueForAll(parts, part => Base64Url.IsValid(part))) return false;

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));
        if (!CryptographicOperations.FixedTimeEquals(expected, Base64Url.DecodeFromChars(parts[2]))) return false;
        if (Text(parts[0], "alg") != "HS256" || Text(parts[1], "payload_hash") is not { } hash) return false;
        var actual = Convert.ToHexStringLower(SHA256.HashData(body));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash), Encoding.ASCII.GetBytes(actual))) return false;
        return IssuedAt(parts[1]) is { } at && (now - at).Duration() <= maxAge;
    }

    /// The names in their order, `&amp;` and `=` inside of them replaced, the secret behind them or as the key.
    public static bool SigMatches(string method, string secret, IReadOnlyDictionary<string, string> parameters)
    {
        if (!parameters.TryGetValue("sig", out var given)) return false;
        var signed = new StringBuilder();
        foreach (var name in parameters.Keys.Where(name => name != "sig").Order(StringComparer.Ordinal))
            signed.Append('&').Append(Plain(name)).Append('=').Append(Plain(parameters[name]));
        var expected = Convert.ToHexStringLower(Hash(method, Encoding.UTF8.GetBytes(secret), signed.ToString(), secret));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(given.ToLowerInvariant()));
    }

#pragma warning disable CA5350, CA5351 // the account chooses among what Vonage offers; ours is told to choose sha256
    private static byte[] Hash(string method, byte[] key, string signed, string secret) => method switch
    {
        "md5hash" => MD5.HashData(Encoding.UTF8.GetBytes(signed + secret)),
        "md5" => HMACMD5.HashData(key, Encoding.UTF8.GetBytes(signed)),
        "sha1" => HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(signed)),
        "sha256" => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)),
        "sha512" => HMACSHA512.HashData(key, Encoding.UTF8.GetBytes(signed)),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "not a way to sign"),
    };
#pragma warning restore CA5350, CA5351

    private static string Plain(string text) => text.Replace('&', '_').Replace('=', '_');

    private static string? Text(string part, string name)
    {
        using var json = Parsed(part);
        return json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
    }

    private static DateTimeOffset? IssuedAt(string part)
    {
        using var json = Parsed(part);
        return json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty("iat", out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    private static JsonDocument? Parsed(string part)
    {
        try
        {
            return JsonDocument.Parse(Base64Url.DecodeFromChars(part));
        }
        catch (JsonException)
        {
            // Signed by us it would be JSON.
            return null;
        }
    }
}
