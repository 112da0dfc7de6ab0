using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Apns;

/// The provider token of one key, shared by every send. Apple refuses a token older than 60 minutes, and also one that
/// replaces another within 20: so it is signed anew at 47 minutes, and once when Apple says that it has expired.
internal sealed class ApnsTokens(ApnsOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(47);
    private static readonly TimeSpan LeastBetweenForced = TimeSpan.FromMinutes(20);

    private readonly ECDsa key = options.Key();
    private readonly Lock signing = new();
    private Token? current;
    private DateTimeOffset lastForced = DateTimeOffset.MinValue;

    /// The value of the authorization header.
    public string Current()
    {
        var token = Volatile.Read(ref current);
        return token is not null && IsFresh(token) ? token.Header : Replace();
    }

    /// A token to use instead of one that Apple called expired: signed by one caller, shared by all who ask. Null if that
    /// was tried a short while ago: then a clock is wrong, and more signing would only earn TooManyProviderTokenUpdates.
    public string? Instead(string refused)
    {
        lock (signing)
        {
            if (current is not null && current.Header != refused) return current.Header;
            var now = clock.GetUtcNow();
            if (now - lastForced < LeastBetweenForced) return null;
            lastForced = now;
            return (current = Sign(now)).Header;
        }
    }

    public void Dispose() => key.Dispose();

    private string Replace()
    {
        lock (signing)
        {
            if (current is null || !IsFresh(current)) current = Sign(clock.GetUtcNow());
            return current.Header;
        }
    }

    // A clock set back would otherwise keep a token that Apple takes to be from the future.
    private bool IsFresh(Token token) => clock.GetUtcNow() - token.IssuedAt is var age && age < Life && age > -Life;

    private Token Sign(DateTimeOffset now)
    {
        var header = JsonBody.Write(options.KeyId!, static (json, kid) =>
        {
            json.WriteStartObject();
            json.WriteString("alg", "ES256");
            json.WriteString("kid", kid);
            json.WriteEndObject();
        });
        var claims = JsonBody.Write((options.TeamId!, now), static (Utf8JsonWriter json, (string Team, DateTimeOffset At) token) =>
        {
            json.WriteStartObject();
            json.WriteString("iss", token.Team);
            json.WriteNumber("iat", token.At.ToUnixTimeSeconds());
            json.WriteEndObject();
        });
        var input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        // r||s, which is what a JWT wants and Apple insists on; DER is refused.
        var signature = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return new Token($"bearer {input}.{Base64Url.EncodeToString(signature)}", now);
    }

    private sealed record Token(string Header, DateTimeOffset IssuedAt);
}
