using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace NotificationServer.Tests.Admin.Identity.SecondFactor;

/// The app on somebody's telephone (RFC 6238), made from what the page shows.
internal sealed partial class Authenticator(string key)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// Of this half minute, or of one before or after it: the server's clock and the telephone's need not agree.
    public string Code(int later = 0)
    {
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30 + later);
#pragma warning disable CA5350 // the algorithm that every authenticator app uses
        var hash = HMACSHA1.HashData(Bytes(), step);
#pragma warning restore CA5350 // and nothing else does
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// Sets it up on the page, as a person does. The recovery codes come along.
    public static async Task<(Authenticator App, IReadOnlyList<string> Codes)> EnrolAsync(AdminClient client)
    {
        var page = await client.ReadAsync("/admin/me/second-factor");
        var app = On(page);
        var done = await client.PostForTextAsync("/admin/me/second-factor?handler=Enrol", ("Sealed", SealedOn(page)), ("Code", app.Code()));
        return (app, CodesOn(done));
    }

    public static Authenticator On(string page) => new(Secret().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal));

    public static string SealedOn(string page) => WebUtility.HtmlDecode(Sealed().Match(page).Groups[1].Value);

    public static IReadOnlyList<string> CodesOn(string page) => [.. Recovery().Matches(page).Select(match => match.Groups[1].Value)];

    private byte[] Bytes()
    {
        var bits = string.Concat(key.Select(letter => Convert.ToString(Letters.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(octet => octet.Length == 8).Select(octet => Convert.ToByte(new string(octet), 2))];
    }

    [GeneratedRegex("""<code class="secret">([A-Z2-7 ]+)</code>""")]
    private static partial Regex Secret();

    [GeneratedRegex("""name="Sealed" value="([^"]+)""")]
    private static partial Regex Sealed();

    [GeneratedRegex("""<li><code>([A-Z0-9-]+)</code></li>""")]
    private static partial Regex Recovery();
}
