using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NotificationServer.Channels.Email.SendGrid;

/// The signed event webhook: ECDSA over the time and the very bytes of the body, its last line break included.
internal static class SendGridSignature
{
    public const string Header = "X-Twilio-Email-Event-Webhook-Signature";
    public const string TimeHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    public static bool Matches(string publicKey, string signature, string timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> der = stackalloc byte[80];
        if (!Convert.TryFromBase64String(signature, der, out var length)) return false;
        var time = Encoding.UTF8.GetByteCount(timestamp);
        var signed = new byte[time + body.Length];
        Encoding.UTF8.GetBytes(timestamp, signed);
        body.CopyTo(signed.AsSpan(time));
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return key.VerifyData(signed, der[..length], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            // Not a key, or not a signature: nothing that could match.
            return false;
        }
    }

    public static bool IsFresh(string timestamp, DateTimeOffset now, TimeSpan maxAge) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
        && (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= maxAge;
}
