using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NotificationServer.Platform;

namespace NotificationServer.Recipients.Links;

/// The tokens of personal links. Nobody can make one, change one or read one: an address in a URL would end up in logs.
/// AES-GCM whose nonce is a MAC of what is said, so that it can never repeat for different words, and one link of one message and day is one
/// token however often its mail is tried. A key for each purpose.
internal sealed class SignedLinks(ServerSecrets secrets, TimeProvider clock)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaxToken = 2048;
    private const char Separator = '\n';

    private readonly Lazy<Keys>[] keys =
    [
        .. Enum.GetValues<LinkPurpose>().Select(purpose => new Lazy<Keys>(() => Keys.Of(secrets.Get(RecipientSecret.Name), purpose))),
    ];

    internal enum Opening
    {
        Valid,
        Expired,
        Invalid,
    }

    public string Seal(LinkPurpose purpose, PersonalLink link, TimeSpan validFor)
    {
        // The end of a day, so that a mail that is tried again says the same.
        var day = (int)Math.Ceiling((clock.GetUtcNow() + validFor - DateTimeOffset.UnixEpoch).TotalDays);
        var text = string.Join(Separator, link.UserId ?? "", link.Address ?? "", link.Channel, link.Category, link.Locale ?? "");
        var words = Encoding.UTF8.GetBytes(link.MessageId is { } message ? $"{text}{Separator}{message:N}" : text);
        var said = new byte[sizeof(int) + words.Length];
        BinaryPrimitives.WriteInt32BigEndian(said, day);
        words.CopyTo(said, sizeof(int));

        var key = keys[(int)purpose].Value;
        var token = new byte[NonceLength + TagLength + said.Length];
        var nonce = token.AsSpan(0, NonceLength);
        HMACSHA256.HashData(key.ForNonce, said).AsSpan(0, NonceLength).CopyTo(nonce);
        using var aes = new AesGcm(key.ForWords, TagLength);
        aes.Encrypt(nonce, said, token.AsSpan(NonceLength + TagLength), token.AsSpan(NonceLength, TagLength));
        return Base64Url.EncodeToString(token);
    }

    public Opening Open(LinkPurpose purpose, string? text, out PersonalLink link)
    {
        link = new PersonalLink();
        if (text is null or { Length: > MaxToken } || !Base64Url.IsValid(text)) return Opening.Invalid;
        var token = Base64Url.DecodeFromChars(text);
        if (token.Length < NonceLength + TagLength + sizeof(int)) return Opening.Invalid;

        var said = new byte[token.Length - NonceLength - TagLength];
        try
        {
            using var aes = new AesGcm(keys[(int)purpose].Value.ForWords, TagLength);
            aes.Decrypt(token.AsSpan(0, NonceLength), token.AsSpan(NonceLength + TagLength), token.AsSpan(NonceLength, TagLength), said);
        }
        catch (AuthenticationTagMismatchException)
        {
            return Opening.Invalid;
        }

        var parts = Encoding.UTF8.GetString(said.AsSpan(sizeof(int))).Split(Separator);
        // A link that stands in no message has five.
        if (parts.Length is not (5 or 6)) return Opening.Invalid;
        link = new PersonalLink
        {
            UserId = NullIfEmpty(parts[0]), Address = NullIfEmpty(parts[1]), Channel = parts[2], Category = parts[3], Locale = NullIfEmpty(parts[4]),
            MessageId = parts.Length == 6 && Guid.TryParseExact(parts[5], "N", out var carrier) ? carrier : null,
        };
        var end = DateTimeOffset.UnixEpoch.AddDays(BinaryPrimitives.ReadInt32BigEndian(said));
        return clock.GetUtcNow() < end ? Opening.Valid : Opening.Expired;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private sealed record Keys(byte[] ForWords, byte[] ForNonce)
    {
        public static Keys Of(byte[] secret, LinkPurpose purpose) => new(
            RecipientSecret.Derive(secret, $"link {purpose} words"), RecipientSecret.Derive(secret, $"link {purpose} nonce"));
    }
}
