using System.Security.Cryptography;
using NotificationServer.Channels.Accounts;

namespace NotificationServer.Tracking.Webhooks;

/// What an endpoint's calls are signed with. In the database only under the key that provider accounts' secrets are under.
internal sealed class WebhookSecrets(AccountCipher cipher)
{
    private const string Prefix = "whsec_";
    private const int Size = 32;

    public string ActiveKey => cipher.ActiveKey;

    /// Why nothing can be stored; null: it can.
    public string? Problem => cipher.Problem;

    public static byte[] Create() => RandomNumberGenerator.GetBytes(Size);

    /// As the receiver is given it, once.
    public static string Reveal(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    public byte[] Seal(Guid endpoint, byte[] secret) => cipher.Seal(Bound(endpoint), secret);

    /// Null: this node does not have the key, or the bytes are not what was stored.
    public byte[]? Open(Guid endpoint, byte[] stored, string key) => cipher.Open(Bound(endpoint), stored, key);

    // No account can be called so: the bytes of an endpoint open as nothing else.
    private static string Bound(Guid endpoint) => $"webhook_endpoints/{endpoint:N}";
}
