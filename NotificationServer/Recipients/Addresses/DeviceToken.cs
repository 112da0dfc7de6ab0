using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotificationServer.Recipients.Addresses;

/// A push token, judged by the rules of whoever issued it. A web push token is the browser's subscription as JSON text.
internal static partial class DeviceToken
{
    public static readonly string[] Platforms = ["ios", "android", "web", "windows", "macos"];
    public static readonly string[] PushProviders = ["apns", "fcm", "jpush", "pushy", "webpush"];

    private const int MaxLength = 4096;
    private const int P256dhBytes = 65;
    private const int AuthBytes = 16;
    private static readonly JsonSerializerOptions Spelling = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool CanServe(string pushProvider, string platform) => (pushProvider, platform) switch
    {
        ("apns", "ios" or "macos") => true,
        ("fcm", "ios" or "android" or "web") => true,
        ("jpush" or "pushy", "ios" or "android") => true,
        ("webpush", "web" or "windows") => true,
        _ => false,
    };

    public static bool TryParse(string pushProvider, string? text, out string token, out string code)
    {
        (token, code) = ("", "invalid_token");
        if (text is null or { Length: 0 or > MaxLength })
            return false;

        token = pushProvider switch
        {
            "apns" => Hex().IsMatch(text) && text.Length % 2 == 0 && text.Length is >= 64 and <= 200 ? text.ToLowerInvariant() : "",
            "webpush" => Subscription(text) ?? "",
            _ => Opaque().IsMatch(text) ? text : "",
        };
        return token.Length > 0;
    }

    /// In one spelling, so that the same subscription is the same token however a browser writes it; null: it is none.
    private static string? Subscription(string text)
    {
        try
        {
            using var subscription = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            return subscription.RootElement is { ValueKind: JsonValueKind.Object } root
                && Text(root, "endpoint") is { } endpoint && IsEndpoint(endpoint)
                && root.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Object
                && Text(keys, "p256dh") is { } p256dh && IsKey(p256dh, P256dhBytes) && Text(keys, "auth") is { } auth && IsKey(auth, AuthBytes)
                ? JsonSerializer.Serialize(new { endpoint, keys = new { p256dh, auth } }, Spelling)
                : null;
        }
        catch (JsonException)
        {
            // Text that is no JSON is no subscription.
            return null;
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0;

    private static bool IsKey(string text, int bytes) => Base64Url.IsValid(text, out var length) && length == bytes;

    [GeneratedRegex(@"\A[0-9a-fA-F]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hex();

    [GeneratedRegex(@"\A[A-Za-z0-9_:.=+/-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Opaque();
}
