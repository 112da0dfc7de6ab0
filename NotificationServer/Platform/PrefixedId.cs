using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace NotificationServer.Platform;

/// Ids in public are a prefix that says what they are and a UUIDv7 in 32 hex digits: `msg_0192f0c1...`.
internal static class PrefixedId
{
    [ThreadStatic]
    private static byte[]? random;

    [ThreadStatic]
    private static int randomAt;

    public static string Format(string prefix, Guid id) => string.Concat(prefix, "_", id.ToString("N"));

    public static bool TryParse(string prefix, [NotNullWhen(true)] string? text, out Guid id)
    {
        id = default;
        return text is not null
            && text.Length == prefix.Length + 33
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && text[prefix.Length] == '_'
            && Guid.TryParseExact(text.AsSpan(prefix.Length + 1), "N", out id);
    }

    /// The instant that a UUIDv7 was made at, to the millisecond.
    public static DateTimeOffset InstantOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = 0L;
        foreach (var octet in bytes[..6]) milliseconds = (milliseconds << 8) | octet;
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }

    /// A UUIDv7 of an instant that sorts by its place among its siblings (up to 4,096 of them), so that what was made together
    /// is read back in its order. RFC 9562, 6.2, method 1: the counter takes the place of rand_a.
    public static Guid Create(DateTimeOffset instant, int place)
    {
        Span<byte> bytes = stackalloc byte[16];
        SmallestAt(instant).TryWriteBytes(bytes, bigEndian: true, out _);
        TakeRandom(bytes[8..]);
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        var counter = Math.Min(place, 0xFFF);
        bytes[6] = (byte)(0x70 | (counter >> 8));
        bytes[7] = (byte)counter;
        return new Guid(bytes, bigEndian: true);
    }

    /// From a store of each thread: asking the kernel for eight bytes at a time costs more than all else about an id.
    private static void TakeRandom(Span<byte> bytes)
    {
        var left = random ??= new byte[512];
        if (randomAt + bytes.Length > left.Length || randomAt == 0)
        {
            RandomNumberGenerator.Fill(left);
            randomAt = 0;
        }
        left.AsSpan(randomAt, bytes.Length).CopyTo(bytes);
        randomAt += bytes.Length;
    }

    /// The smallest UUIDv7 of an instant: the SQL function uuid_from of the migrations says the same.
    public static Guid SmallestAt(DateTimeOffset instant)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var milliseconds = instant.ToUnixTimeMilliseconds();
        for (var i = 5; i >= 0; i--, milliseconds >>= 8) bytes[i] = (byte)milliseconds;
        return new Guid(bytes, bigEndian: true);
    }
}
