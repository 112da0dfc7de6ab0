using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NotificationServer.Platform;

namespace NotificationServer.Recipients.Links;

/// What a link stands for beside where it leads.
[Flags]
internal enum ClickMarks
{
    None,
    /// The mail has a pixel: whoever follows the link has opened it, whether or not pictures were shown.
    ProvesOpen = 1,
    /// Nobody can see it.
    Trap = 2,
}

/// A link of ours that somebody followed.
internal sealed record TrackedClick(Guid Message, string Destination, ClickMarks Marks);

/// The tokens of tracked links and pixels. A token holds where it leads, under a MAC: nothing is stored, a link works for as long as
/// the secret is kept, and there is no way to make it lead anywhere but where the message said.
internal sealed class TrackedLinks(ServerSecrets secrets, PersonalLinks links) : IDisposable
{
    /// In bytes: the whole address has to fit into the first line of a request.
    public const int LongestDestination = 2000;

    private const int MacLength = 16;
    private const int HeadLength = 1 + 16;
    private const byte Click = 0x10;
    private const byte Pixel = 0x20;

    // One a thread, used again and again: making ready for a key is most of what a MAC of this length costs.
    private readonly ThreadLocal<IncrementalHash> macs = new(
        () => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, RecipientSecret.Derive(secrets.Get(RecipientSecret.Name), "tracked links")), trackAllValues: true);
    private readonly Lazy<byte[]> shortKey = new(() => RecipientSecret.Derive(secrets.Get(RecipientSecret.Name), "short links"));

    /// Where people reach this server; null: nobody said, and nothing can be tracked.
    public string? Base => links.Base;

    public static bool CanLeadTo(string url) => url.Length > 0 && Encoding.UTF8.GetByteCount(url) <= LongestDestination && !url.AsSpan().ContainsAnyInRange('\0', ' ')
        && Uri.TryCreate(url, UriKind.Absolute, out var to) && (to.Scheme == Uri.UriSchemeHttps || to.Scheme == Uri.UriSchemeHttp) && to.Host.Length > 0;

    /// What follows `/c/`.
    public string ClickToken(Guid message, string destination, ClickMarks marks) => Seal((byte)(Click | (byte)marks), message, destination);

    /// What stands between `/o/` and `.gif`.
    public string PixelToken(Guid message) => Seal(Pixel, message, "");

    /// Eleven letters and digits, the same for the same link of the same message: 65 bits that nobody can guess.
    public string ShortToken(Guid message, string destination)
    {
        const string letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var hash = HMACSHA256.HashData(shortKey.Value, Encoding.UTF8.GetBytes($"{message:N}{destination}"));
        var number = new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
        return string.Create(11, number, (text, rest) =>
        {
            for (var i = 0; i < text.Length; i++, rest /= 62) text[i] = letters[(int)(rest % 62)];
        });
    }

    public TrackedClick? ReadClick(string? token) => Open(token, Click, out var marks, out var message, out var destination) && CanLeadTo(destination)
        ? new TrackedClick(message, destination, (ClickMarks)marks) : null;

    public Guid? ReadPixel(string? token) => Open(token, Pixel, out _, out var message, out _) ? message : null;

    /// Where one of our own links leads that somebody else wrapped in one of theirs; else the link as it is.
    public string Unwrapped(string url) =>
        Base is { } at && url.StartsWith($"{at}/c/", StringComparison.Ordinal) && ReadClick(url[(at.Length + 3)..]) is { } click ? click.Destination : url;

    public void Dispose()
    {
        foreach (var mac in macs.Values) mac.Dispose();
        macs.Dispose();
    }

    private string Seal(byte kind, Guid message, string destination)
    {
        var token = new byte[HeadLength + Encoding.UTF8.GetByteCount(destination) + MacLength];
        token[0] = kind;
        message.TryWriteBytes(token.AsSpan(1));
        Encoding.UTF8.GetBytes(destination, token.AsSpan(HeadLength));
        Mac(token.AsSpan(0, token.Length - MacLength)).CopyTo(token.AsSpan(token.Length - MacLength));
        return Base64Url.EncodeToString(token);
    }

    private bool Open(string? text, byte kind, out byte marks, out Guid message, out string destination)
    {
        (marks, message, destination) = (0, Guid.Empty, "");
        if (text is null or { Length: > 4 * LongestDestination } || !Base64Url.IsValid(text)) return false;
        var token = Base64Url.DecodeFromChars(text);
        if (token.Length < HeadLength + MacLength || (token[0] & 0xF0) != kind) return false;
        var said = token.AsSpan(0, token.Length - MacLength);
        if (!CryptographicOperations.FixedTimeEquals(Mac(said), token.AsSpan(said.Length))) return false;
        (marks, message, destination) = ((byte)(token[0] & 0x0F), new Guid(said[1..HeadLength]), Encoding.UTF8.GetString(said[HeadLength..]));
        return true;
    }

    private ReadOnlySpan<byte> Mac(ReadOnlySpan<byte> said)
    {
        var mac = macs.Value!; // its factory makes one
        mac.AppendData(said);
        return mac.GetHashAndReset().AsSpan(0, MacLength);
    }
}
