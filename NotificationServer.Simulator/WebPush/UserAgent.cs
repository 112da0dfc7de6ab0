using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace NotificationServer.Simulator.WebPush;

/// The browser's side of RFC 8291: it alone can read what was encrypted for its subscription. Written from the RFC and not from
/// the sender's code, so that the two do not share a mistake.
internal sealed class UserAgent : IDisposable
{
    private const int KeyAt = 21;
    private const int PointBytes = 65;
    private const int TagBytes = 16;

    private readonly ECDiffieHellman key;
    private readonly byte[] publicKey;
    private readonly byte[] auth;

    public UserAgent(string privateKey, string publicKey, string auth)
    {
        (this.publicKey, this.auth) = (Base64Url.DecodeFromChars(publicKey), Base64Url.DecodeFromChars(auth));
        key = ECDiffieHellman.Create(Point(this.publicKey) with { D = Base64Url.DecodeFromChars(privateKey) });
    }

    /// Null: not encrypted for us, or not in the one form that push services take.
    public byte[]? Decrypt(ReadOnlySpan<byte> body)
    {
        var ciphertext = KeyAt + PointBytes;
        if (body.Length < ciphertext + TagBytes + 1 || body[KeyAt - 1] != PointBytes) return null;
        // One record holds everything, so it must be no larger than the size announced for each.
        if (BinaryPrimitives.ReadUInt32BigEndian(body[16..]) is var size && (size < 18 || body.Length - ciphertext > size)) return null;
        try
        {
            using var sender = ECDiffieHellman.Create(Point(body.Slice(KeyAt, PointBytes)));
            var secret = key.DeriveRawSecretAgreement(sender.PublicKey);
            var input = Mac(Mac(auth, secret), [.. "WebPush: info\0"u8, .. publicKey, .. body.Slice(KeyAt, PointBytes), 1]);
            var random = Mac(body[..16].ToArray(), input);
            var content = Mac(random, [.. "Content-Encoding: aes128gcm\0"u8, 1]).AsSpan(0, 16);
            var nonce = Mac(random, [.. "Content-Encoding: nonce\0"u8, 1]).AsSpan(0, 12);
            var record = new byte[body.Length - ciphertext - TagBytes];
            using var aes = new AesGcm(content, TagBytes);
            aes.Decrypt(nonce, body[ciphertext..^TagBytes], body[^TagBytes..], record);
            var end = record.AsSpan().LastIndexOfAnyExcept((byte)0);
            return end >= 0 && record[end] == 2 ? record[..end] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => key.Dispose();

    private static byte[] Mac(byte[] key, byte[] data) => HMACSHA256.HashData(key, data);

    private static ECParameters Point(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
    };
}
