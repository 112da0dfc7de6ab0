using System.Security.Cryptography;
using System.Text;

namespace NotificationServer.Recipients;

/// The one secret behind people's links and the hashes of forgotten addresses. Changed, old links stop working and forgotten
/// addresses are no longer known: it is kept for good.
internal static class RecipientSecret
{
    public const string Name = "recipient_key";

    /// A key for one use, from which neither the secret nor another key can be told.
    public static byte[] Derive(byte[] secret, string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, salt: null, info: Encoding.UTF8.GetBytes($"NotificationServer {use}"));
}
