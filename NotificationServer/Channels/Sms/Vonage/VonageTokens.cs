using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Sms.Vonage;

/// The application's signed tokens (RS256). One is good for fifteen minutes; it is replaced after ten, and at once when
/// Vonage would not have it.
internal sealed class VonageTokens(VonageOptions settings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Renewed = TimeSpan.FromMinutes(10);

    private readonly RSA key = settings.Key();
    private readonly Lock signing = new();
    private Token? current;

    /// The value of the authorization header. <c>refused</c> is one that Vonage would not have.
    public string Get(string? refused)
    {
        var now = clock.GetUtcNow();
        if (Usable(refused, now) is { } held) return held;
        lock (signing)
        {
            // Whoever waited here takes what the one before made: a refusal is answered by one new token, not one a message.
            if (Usable(refused, now) is { } made) return made;
            var header = "Bearer " + Sign(settings.ApplicationId!, now, Guid.CreateVersion7(), key); // present: checked at start
            Volatile.Write(ref current, new Token(header, now + Renewed));
            return header;
        }
    }

    public void Dispose() => key.Dispose();

    internal static string Sign(string applicationId, DateTimeOffset now, Guid id, RSA key)
    {
        var header = Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8);
        var claims = JsonBody.Write((applicationId, now, id), static (Utf8JsonWriter json, (string Application, DateTimeOffset At, Guid Id) what) =>
        {
            json.WriteStartObject();
            json.WriteString("application_id", what.Application);
            json.WriteNumber("iat", what.At.ToUnixTimeSeconds());
            json.WriteNumber("nbf", what.At.ToUnixTimeSeconds());
            json.WriteNumber("exp", (what.At + Life).ToUnixTimeSeconds());
            json.WriteString("jti", what.Id.ToString("D"));
            json.WriteEndObject();
        });
        var input = $"{header}.{Base64Url.EncodeToString(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    private string? Usable(string? refused, DateTimeOffset now)
    {
        var token = Volatile.Read(ref current);
        return token is not null && now < token.Until && token.Header != refused ? token.Header : null;
    }

    private sealed record Token(string Header, DateTimeOffset Until);
}
