using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;

namespace NotificationServer.Channels.Accounts;

/// Keeps accounts' secrets unreadable for whoever reads the database: AES-256-GCM, with the account's key and the name of the
/// encryption key as associated data. Bytes that were moved to another row, or said to be under another key, do not open.
internal sealed class AccountCipher(ServerSecrets secrets, IOptions<AccountKeysOptions> options)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public string ActiveKey => options.Value.Active;

    /// Why nothing can be stored; null: it can.
    public string? Problem
    {
        get
        {
            try
            {
                secrets.Get(ActiveKey);
                return null;
            }
            catch (StartupException e)
            {
                return e.Message;
            }
        }
    }

    public byte[] Seal(string account, byte[] plain)
    {
        var sealedBytes = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceSize));
        using var aes = new AesGcm(secrets.Get(ActiveKey), TagSize);
        aes.Encrypt(
            sealedBytes.AsSpan(0, NonceSize), plain, sealedBytes.AsSpan(NonceSize + TagSize), sealedBytes.AsSpan(NonceSize, TagSize), Bound(account, ActiveKey));
        return sealedBytes;
    }

    /// Null: this node does not have the key, or the bytes are not what was stored.
    public byte[]? Open(string account, byte[] sealedBytes, string key)
    {
        // Only keys of this purpose: a row must not be able to try the server's other secrets.
        if (key != ActiveKey && !options.Value.Former.Contains(key) || sealedBytes.Length < NonceSize + TagSize) return null;
        try
        {
            var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
            using var aes = new AesGcm(secrets.Get(key), TagSize);
            aes.Decrypt(
                sealedBytes.AsSpan(0, NonceSize), sealedBytes.AsSpan(NonceSize + TagSize), sealedBytes.AsSpan(NonceSize, TagSize), plain, Bound(account, key));
            return plain;
        }
        catch (Exception e) when (e is CryptographicException or StartupException)
        {
            return null;
        }
    }

    private static byte[] Bound(string account, string key) => Encoding.UTF8.GetBytes($"provider_accounts {account} {key}");
}
