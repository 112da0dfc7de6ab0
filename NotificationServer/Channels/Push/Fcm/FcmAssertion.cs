using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push.Fcm;

/// The signed statement that Google's token endpoint exchanges for an access token (RFC 7523, RS256).
internal sealed class FcmAssertion(ServiceAccount account) : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging";
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly RSA key = Import(account.PrivateKey);

    public string Sign(DateTimeOffset now)
    {
        var header = JsonBody.Write(account.PrivateKeyId, static (json, kid) =>
        {
            json.WriteStartObject();
            json.WriteString("alg", "RS256");
            json.WriteString("typ", "JWT");
            json.Optional("kid", kid);
            json.WriteEndObject();
        });
        var claims = JsonBody.Write((account, now), static (Utf8JsonWriter json, (ServiceAccount Of, DateTimeOffset At) what) =>
        {
            json.WriteStartObject();
            json.WriteString("iss", what.Of.ClientEmail);
            json.WriteString("scope", Scope);
            json.WriteString("aud", what.Of.TokenUri.OriginalString);
            json.WriteNumber("iat", what.At.ToUnixTimeSeconds());
            json.WriteNumber("exp", (what.At + Life).ToUnixTimeSeconds());
            json.WriteEndObject();
        });
        var input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => key.Dispose();

    private static RSA Import(string pem)
    {
        var key = RSA.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
