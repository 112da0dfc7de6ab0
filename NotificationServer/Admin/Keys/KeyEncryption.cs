using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Keys;

/// AES-256-GCM under a key that is outside the database: who reads the table cannot make a cookie.
/// The element holds base64 of nonce (12) + tag (16) + ciphertext.
internal sealed class KeyEncryptor(ServerSecrets secrets) : IXmlEncryptor
{
    internal const string SecretName = "data_protection_key";
    internal const int NonceSize = 12;
    internal const int TagSize = 16;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[NonceSize + TagSize + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        var tag = sealedBytes.AsSpan(NonceSize, TagSize);
        RandomNumberGenerator.Fill(nonce);

        using var aes = new AesGcm(secrets.Get(SecretName), TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceSize + TagSize), tag);
        CryptographicOperations.ZeroMemory(plain);
        return new EncryptedXmlInfo(new XElement("aes256gcm", Convert.ToBase64String(sealedBytes)), typeof(KeyDecryptor));
    }
}

/// Made by data protection itself, by the name of its type in the stored XML: renaming it loses the keys, and with them all sessions.
internal sealed class KeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var sealedBytes = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[sealedBytes.Length - KeyEncryptor.NonceSize - KeyEncryptor.TagSize];

        using var aes = new AesGcm(services.GetRequiredService<ServerSecrets>().Get(KeyEncryptor.SecretName), KeyEncryptor.TagSize);
        aes.Decrypt(
            sealedBytes.AsSpan(0, KeyEncryptor.NonceSize),
            sealedBytes.AsSpan(KeyEncryptor.NonceSize + KeyEncryptor.TagSize),
            sealedBytes.AsSpan(KeyEncryptor.NonceSize, KeyEncryptor.TagSize),
            plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
