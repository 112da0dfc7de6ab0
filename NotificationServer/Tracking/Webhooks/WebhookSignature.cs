using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NotificationServer.Tracking.Webhooks;

/// Standard Webhooks: HMAC-SHA-256 over `{id}.{timestamp}.{body}`, the body as it goes over the wire, `v1,` and base64.
internal static class WebhookSignature
{
    /// One for each secret, with a space between them: while a secret is changed, the receiver may know either.
    public static string Of(IEnumerable<byte[]> secrets, string id, long timestamp, byte[] body)
    {
        var said = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, (byte[])[.. said, .. body]))));
    }
}
