using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace NotificationServer.Channels.Email.Mailchimp;

/// X-Mandrill-Signature: the address as it was entered there, and the decoded fields in the order of their names.
internal static class MailchimpSignature
{
    public const string Header = "X-Mandrill-Signature";

    /// The key is text as it stands; that it looks like base64 means nothing.
    public static bool Matches(string key, string signature, string url, IReadOnlyDictionary<string, StringValues> form)
    {
        var signed = new StringBuilder(url);
        foreach (var name in form.Keys.Order(StringComparer.Ordinal))
            foreach (var value in form[name]) signed.Append(name).Append(value);
#pragma warning disable CA5350 // what Mailchimp signs with; what is weak in SHA-1 (collisions) does not break an HMAC
        var expected = HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed.ToString()));
#pragma warning restore CA5350
        Span<byte> given = stackalloc byte[HMACSHA1.HashSizeInBytes];
        return Convert.TryFromBase64String(signature, given, out var length) && length == given.Length && CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
