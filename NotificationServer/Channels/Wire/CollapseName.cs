using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace NotificationServer.Channels.Wire;

/// The key by which a later message replaces an earlier one on the device, in the letters and the length that a vendor
/// allows. A key that does not fit becomes its digest: equal keys stay equal, and no key can smuggle in a header.
internal static class CollapseName
{
    private static readonly SearchValues<char> UrlSafe =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// apns-collapse-id: at most 64 bytes; printable ASCII, as every header value of ours.
    public static string ForApns(string key) => key.Length <= 64 && IsPrintable(key) ? key : Digest(key);

    /// Topic of RFC 8030: at most 32 characters of the URL-safe base64 alphabet.
    public static string ForWebPush(string key) =>
        key.Length <= 32 && !key.AsSpan().ContainsAnyExcept(UrlSafe) ? key : Digest(key)[..32];

    public static bool IsPrintable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && value.Trim().Length == value.Length;

    private static string Digest(string key) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
