using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NotificationServer.Channels.Push.Fcm;

/// Google's file for a service account, as far as sending needs it.
internal sealed record ServiceAccount(
    [property: JsonPropertyName("project_id")] string ProjectId,
    [property: JsonPropertyName("private_key_id")] string? PrivateKeyId,
    [property: JsonPropertyName("private_key")] string PrivateKey,
    [property: JsonPropertyName("client_email")] string ClientEmail,
    [property: JsonPropertyName("token_uri")] Uri TokenUri)
{
    public static ServiceAccount Read(byte[] json) =>
        JsonSerializer.Deserialize(json, ServiceAccountJson.Default.ServiceAccount) ?? throw new JsonException("there is no service account in it");

    /// What is wrong with it, for the operator who starts the server; never a word of what is in it.
    public static string? Problem(Func<ServiceAccount> read)
    {
        try
        {
            var account = read();
            using var key = RSA.Create();
            key.ImportFromPem(account.PrivateKey);
            return account.TokenUri is not { IsAbsoluteUri: true } uri || (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
                ? "token_uri must be an https address"
                : null;
        }
        catch (JsonException)
        {
            return "not the JSON of a service account (project_id, private_key, client_email, token_uri)";
        }
        catch (ArgumentException)
        {
            return "private_key is not a PEM key";
        }
        catch (CryptographicException)
        {
            return "private_key is not an RSA key";
        }
    }
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ServiceAccount))]
internal sealed partial class ServiceAccountJson : JsonSerializerContext;
