using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace NotificationServer.Clients;

/// A key as callers hold it: nsk_live_[id]_[secret]. Neither part can hold an underscore, so that it falls apart in one way only.
internal readonly record struct ApiKeyText(bool Sandbox, string Id, string Secret)
{
    private const int IdLength = 16;
    private const int SecretBytes = 32;
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const string LivePrefix = "nsk_live_";
    private const string TestPrefix = "nsk_test_";
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(IdAlphabet);
    private static readonly SearchValues<char> SecretCharacters = SearchValues.Create("0123456789abcdef");
    private static readonly int Length = LivePrefix.Length + IdLength + 1 + 2 * SecretBytes;

    public static ApiKeyText New(bool sandbox) => new(
        sandbox,
        RandomNumberGenerator.GetString(IdAlphabet, IdLength),
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)));

    public static bool TryParse(ReadOnlySpan<char> text, out ApiKeyText key)
    {
        key = default;
        var sandbox = text.StartsWith(TestPrefix, StringComparison.Ordinal);
        if (text.Length != Length || !sandbox && !text.StartsWith(LivePrefix, StringComparison.Ordinal))
            return false;

        var id = text.Slice(LivePrefix.Length, IdLength);
        var secret = text[(LivePrefix.Length + IdLength + 1)..];
        if (text[LivePrefix.Length + IdLength] != '_' || id.ContainsAnyExcept(IdCharacters) || secret.ContainsAnyExcept(SecretCharacters))
            return false;

        key = new ApiKeyText(sandbox, id.ToString(), secret.ToString());
        return true;
    }

    /// What the database holds of a secret: worthless without the pepper, which is not in the database.
    public byte[] Digest(ReadOnlySpan<byte> pepper) => HMACSHA256.HashData(pepper, Encoding.ASCII.GetBytes(Secret));

    public string Reveal() => $"{(Sandbox ? TestPrefix : LivePrefix)}{Id}_{Secret}";

    /// Never the secret, whoever logs it.
    public override string ToString() => $"{(Sandbox ? TestPrefix : LivePrefix)}{Id}";
}
