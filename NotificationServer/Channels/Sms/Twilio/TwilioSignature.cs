using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace NotificationServer.Channels.Sms.Twilio;

/// X-Twilio-Signature: the address that Twilio called, byte for byte, and the decoded fields in the order of their names.
internal static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";
    private const string BodyHash = "bodySHA256=";

    public static bool Matches(string token, string signature, string url, IReadOnlyDictionary<string, StringValues> form)
    {
        var signed = new StringBuilder(url);
        foreach (var name in form.Keys.Order(StringComparer.Ordinal))
            foreach (var value in form[name].Select(value => value ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                signed.Append(name).Append(value);
        return Matches(token, signature, signed.ToString());
    }

    /// JSON: the address names the hash of the body, and only the address is signed.
    public static bool MatchesBody(string token, string signature, string url, ReadOnlySpan<byte> body)
    {
        var at = url.IndexOf(BodyHash, StringComparison.Ordinal);
        if (at < 0) return false;
        var claimed = url[(at + BodyHash.Length)..].Split('&', '#')[0];
        var actual = Convert.ToHexStringLower(SHA256.HashData(body));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(claimed), Encoding.ASCII.GetBytes(actual)) && Matches(token, signature, url);
    }

    /// With the port that goes without saying, and without: Twilio signs what was configured.
    public static IEnumerable<string> Variants(string url)
    {
        yield return url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !uri.IsDefaultPort) yield break;
        var authority = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var path = url.IndexOf('/', authority);
        if (path < 0) path = url.Length;
        var host = url[authority..path];
        var port = $":{uri.Port}";
        yield return url[..authority] + (host.EndsWith(port, StringComparison.Ordinal) ? host[..^port.Length] : host + port) + url[path..];
    }

    private static bool Matches(string token, string signature, string signed)
    {
#pragma warning disable CA5350 // Twilio signs with HMAC-SHA1; what is weak in SHA-1 (collisions) does not break an HMAC
        var expected = HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed));
#pragma warning restore CA5350
        Span<byte> given = stackalloc byte[HMACSHA1.HashSizeInBytes];
        return Convert.TryFromBase64String(signature, given, out var length) && length == given.Length && CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
