using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace NotificationServer.Simulator.Credentials;

/// A compact JWS taken apart. Own code rather than the library that senders use: the two should not share a mistake.
internal sealed record SignedToken(JsonElement Header, JsonElement Claims, byte[] SignedBytes, byte[] Signature)
{
    public static SignedToken? Parse(string compact)
    {
        var parts = compact.Split('.');
        if (parts.Length != 3) return null;
        try
        {
            return new SignedToken(
                Object(parts[0]), Object(parts[1]),
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    public static string? Text(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public long? Seconds(string claim) =>
        Claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;

    private static JsonElement Object(string base64Url)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(base64Url));
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.Clone()
            : throw new JsonException("not an object");
    }
}
