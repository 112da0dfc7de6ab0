using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.WebPush;

/// Who we are, signed for each push service (RFC 8292). A token is good for a day at most and for one origin, so it is made once
/// for twelve hours and used for all messages there until half of that is over.
internal sealed class VapidTokens(WebPushOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(12);
    private static readonly TimeSpan Least = TimeSpan.FromHours(6);
    // Some services have a host for each region, none has thousands.
    private const int MostOrigins = 1000;

    private readonly ConcurrentDictionary<string, Token> tokens = new(StringComparer.OrdinalIgnoreCase);
    private readonly ECDsa key = options.Key();
    private readonly Lock signing = new();

    private sealed record Token(string Header, DateTimeOffset Until);

    /// The value of the Authorization header.
    public string For(Uri endpoint)
    {
        var origin = endpoint.GetLeftPart(UriPartial.Authority);
        var now = clock.GetUtcNow();
        return tokens.TryGetValue(origin, out var token) && IsFresh(token, now) ? token.Header : Sign(origin, now);
    }

    public void Dispose() => key.Dispose();

    // A clock set back would otherwise keep a token that is good for more than a day.
    private static bool IsFresh(Token token, DateTimeOffset now) => token.Until - now is var left && left > Least && left <= Life;

    private string Sign(string origin, DateTimeOffset now)
    {
        lock (signing)
        {
            if (tokens.TryGetValue(origin, out var other) && IsFresh(other, now)) return other.Header;
            if (tokens.Count >= MostOrigins) tokens.Clear();
            var token = new Token(Header(origin, now + Life), now + Life);
            tokens[origin] = token;
            return token.Header;
        }
    }

    private string Header(string origin, DateTimeOffset until)
    {
        var claims = JsonBody.Write((origin, until, options.Subject), static (json, token) =>
        {
            json.WriteStartObject();
            json.WriteString("aud", token.origin);
            json.WriteNumber("exp", token.until.ToUnixTimeSeconds());
            json.WriteString("sub", token.Subject);
            json.WriteEndObject();
        });
        var input = $"{Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8)}.{Base64Url.EncodeToString(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"vapid t={input}.{Base64Url.EncodeToString(signature)}, k={options.PublicKey}";
    }
}
