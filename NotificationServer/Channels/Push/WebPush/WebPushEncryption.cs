using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NotificationServer.Channels.Push.WebPush;

/// RFC 8291: a message that only the browser can read, not the push service between, in the form of RFC 8188 with one record.
internal static class WebPushEncryption
{
    /// What the form adds to the plaintext.
    public const int Overhead = SaltBytes + SizeBytes + 1 + Subscription.PublicKeyBytes + 1 + TagBytes;

    private const int SaltBytes = 16;
    private const int SizeBytes = 4;
    private const int TagBytes = 16;
    private const int RecordSize = 4096;
    private const byte LastRecord = 2;

    internal readonly record struct Keys(byte[] Content, byte[] Nonce);

    public static byte[] Encrypt(ReadOnlySpan<byte> plaintext, Subscription to)
    {
        // A key pair and a salt for each message: with the same ones twice, the two could be read from each other.
        using var ours = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Span<byte> salt = stackalloc byte[SaltBytes];
        RandomNumberGenerator.Fill(salt);
        return Encrypt(plaintext, to, ours, salt);
    }

    /// With a key and a salt of the caller's: only what checks this against known results has reason for that.
    internal static byte[] Encrypt(ReadOnlySpan<byte> plaintext, Subscription to, ECDiffieHellman ours, ReadOnlySpan<byte> salt, int padding = 0)
    {
        var publicKey = PublicKey(ours);
        var (contentKey, nonce) = Derive(to, ours, publicKey, salt);

        var record = new byte[plaintext.Length + 1 + padding];
        plaintext.CopyTo(record);
        record[plaintext.Length] = LastRecord;

        var body = new byte[Overhead - 1 + record.Length];
        var rest = body.AsSpan();
        salt.CopyTo(rest);
        BinaryPrimitives.WriteUInt32BigEndian(rest[SaltBytes..], RecordSize);
        rest[SaltBytes + SizeBytes] = Subscription.PublicKeyBytes;
        rest = rest[(SaltBytes + SizeBytes + 1)..];
        publicKey.CopyTo(rest);
        rest = rest[publicKey.Length..];
        using var aes = new AesGcm(contentKey, TagBytes);
        aes.Encrypt(nonce, record, rest[..record.Length], rest[record.Length..]);
        return body;
    }

    internal static Keys Derive(Subscription to, ECDiffieHellman ours, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> salt)
    {
        using var theirs = ECDiffieHellman.Create(Subscription.Parameters(to.PublicKey));
        using var their = theirs.PublicKey;
        var shared = ours.DeriveRawSecretAgreement(their);

        // Both public keys and the browser's own secret go in: whoever lacks one of them cannot make a message up.
        byte[] info = [.. "WebPush: info\0"u8, .. to.PublicKey, .. publicKey];
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, outputLength: 32, salt: to.Secret, info);
        Span<byte> key = stackalloc byte[32];
        HKDF.Extract(HashAlgorithmName.SHA256, input, salt, key);
        Span<byte> content = stackalloc byte[16], nonce = stackalloc byte[12];
        HKDF.Expand(HashAlgorithmName.SHA256, key, content, "Content-Encoding: aes128gcm\0"u8);
        // The number of the record is mixed into the nonce; ours is the only one, number 0.
        HKDF.Expand(HashAlgorithmName.SHA256, key, nonce, "Content-Encoding: nonce\0"u8);
        return new Keys(content.ToArray(), nonce.ToArray());
    }

    internal static byte[] PublicKey(ECDiffieHellman key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. point.X!, .. point.Y!]; // an exported key has both
    }
}
