using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NotificationServer.Platform;

namespace NotificationServer.Api.Paging;

/// Where a list goes on: opaque to callers, and only what this server said itself is believed. Bound to its list, so that a cursor of one
/// is nothing to another.
internal sealed class Cursors(ServerSecrets secrets)
{
    public const string Key = "cursor_key";
    private const int MacLength = 16;
    private const char Separator = '\n';

    public string Seal(string list, params string[] position)
    {
        var said = Encoding.UTF8.GetBytes(string.Join(Separator, position));
        return Base64Url.EncodeToString([.. Mac(list, said), .. said]);
    }

    public bool TryOpen(string list, string cursor, int parts, out string[] position)
    {
        position = [];
        if (cursor.Length > 1024 || !Base64Url.IsValid(cursor))
            return false;

        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length < MacLength || !CryptographicOperations.FixedTimeEquals(Mac(list, bytes.AsSpan(MacLength)), bytes.AsSpan(0, MacLength)))
            return false;

        position = Encoding.UTF8.GetString(bytes.AsSpan(MacLength)).Split(Separator);
        return position.Length == parts;
    }

    private ReadOnlySpan<byte> Mac(string list, ReadOnlySpan<byte> said)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secrets.Get(Key));
        mac.AppendData(Encoding.UTF8.GetBytes(list + Separator));
        mac.AppendData(said);
        return mac.GetHashAndReset().AsSpan(0, MacLength);
    }
}
