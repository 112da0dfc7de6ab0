using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NotificationServer.Simulator.Callbacks;

/// How each provider signs what it sends back. Own code rather than the receiver's: the two should not share a mistake.
internal static class CallbackSignature
{
#pragma warning disable CA5350, CA5351 // what the providers sign with
    /// X-Twilio-Signature of a form.
    public static string Twilio(string authToken, string url, IEnumerable<KeyValuePair<string, string>> fields)
    {
        // A name that comes twice: each of its values once.
        var sorted = fields.Distinct().OrderBy(field => field.Key, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal);
        return Convert.ToBase64String(HMACSHA1.HashData(Utf8(authToken), Utf8(url + string.Concat(sorted.Select(field => field.Key + field.Value)))));
    }

    /// X-Mandrill-Signature; the key as it stands.
    public static string Mailchimp(string key, string url, IEnumerable<KeyValuePair<string, string>> fields) => Convert.ToBase64String(HMACSHA1.HashData(
        Utf8(key), Utf8(url + string.Concat(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value)))));

    /// The signature of the event webhook; not the same twice.
    public static string SendGrid(ECDsa key, string timestamp, ReadOnlySpan<byte> body) =>
        Convert.ToBase64String(key.SignData([.. Utf8(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// The Authorization header of the Messages API.
    public static string VonageToken(string secret, ReadOnlySpan<byte> body, DateTimeOffset now, string jti, string apiKey, string applicationId)
    {
        var claims = new Dictionary<string, object>
        {
            ["iat"] = now.ToUnixTimeSeconds(),
            ["jti"] = jti,
            ["iss"] = "Vonage",
            ["payload_hash"] = Convert.ToHexStringLower(SHA256.HashData(body)),
            ["api_key"] = apiKey,
            ["application_id"] = applicationId,
        };
        var signed = $"{Part("""{"alg":"HS256","typ":"JWT"}""")}.{Part(JsonSerializer.Serialize(claims))}";
        return $"Bearer {signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Utf8(secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    /// The parameter `sig` of the SMS API.
    public static string VonageSig(string method, string secret, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = string.Concat(fields.Where(field => field.Key != "sig").OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => string.Create(CultureInfo.InvariantCulture, $"&{Plain(field.Key)}={Plain(field.Value)}")));
        return Convert.ToHexStringLower(method switch
        {
            "md5hash" => MD5.HashData(Utf8(text + secret)),
            "md5" => HMACMD5.HashData(Utf8(secret), Utf8(text)),
            "sha1" => HMACSHA1.HashData(Utf8(secret), Utf8(text)),
            "sha512" => HMACSHA512.HashData(Utf8(secret), Utf8(text)),
            _ => HMACSHA256.HashData(Utf8(secret), Utf8(text)),
        });
    }
#pragma warning restore CA5350, CA5351

    private static string Plain(string text) => text.Replace('&', '_').Replace('=', '_');

    private static string Part(string json) => Base64Url.EncodeToString(Utf8(json));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
