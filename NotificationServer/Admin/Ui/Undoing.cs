using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace NotificationServer.Admin.Ui;

/// What stood there before a change, carried along with the button that brings it back: sealed, since it is not for everybody's eyes and
/// nobody may make one up, and good for an hour on every node. Nothing of it is stored, so that nobody who is erased stays in it.
internal sealed class Undoing(IDataProtectionProvider protection)
{
    private const int Longest = 2000; // it travels in a cookie
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// Null: it is too much to carry. What: whose it is, so that it brings back nothing else.
    public string? Seal<T>(string what, T before) where T : class
    {
        using var packed = new MemoryStream();
        using (var press = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true)) JsonSerializer.Serialize(press, before);
        var text = Convert.ToBase64String(ProtectorOf(what).Protect(packed.ToArray(), Kept));
        return text.Length <= Longest ? text : null;
    }

    /// Null: it is not what this made for it, or it was an hour ago.
    public T? Open<T>(string what, string? text) where T : class
    {
        if (text is not { Length: > 0 and <= Longest }) return null;
        try
        {
            using var packed = new MemoryStream(ProtectorOf(what).Unprotect(Convert.FromBase64String(text)));
            using var press = new BrotliStream(packed, CompressionMode.Decompress);
            return JsonSerializer.Deserialize<T>(press);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException or InvalidDataException)
        {
            return null;
        }
    }

    private ITimeLimitedDataProtector ProtectorOf(string what) => protection.CreateProtector("undoing", what).ToTimeLimitedDataProtector();
}
