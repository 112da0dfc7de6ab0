using System.Security.Cryptography;
using System.Text;
using NotificationServer.Platform;

namespace NotificationServer.Recipients.Consents;

/// What is kept of an address that we were asked to forget: enough to know it again, nothing to read. The key is not in the database.
internal sealed class AddressHash(ServerSecrets secrets)
{
    public const string Prefix = "hmac:";

    private readonly Lazy<byte[]> key = new(() => RecipientSecret.Derive(secrets.Get(RecipientSecret.Name), "forgotten addresses"));

    public string Of(string address) => Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(key.Value, Encoding.UTF8.GetBytes(address)));
}
