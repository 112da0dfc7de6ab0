using System.Text.RegularExpressions;
using NotificationServer.Channels.Push.WebPush;

namespace NotificationServer.Recipients.Addresses;

/// A push token, judged by the rules of whoever issued it. A web push token is the browser's subscription as JSON text.
internal static partial class DeviceToken
{
    public static readonly string[] Platforms = ["ios", "android", "web", "windows", "macos"];
    public static readonly string[] PushProviders = ["apns", "fcm", "jpush", "pushy", "webpush"];

    private const int MaxLength = 4096;
    private const string Invalid = "invalid_token";

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
        (token, code) = ("", Invalid);
        if (text is null or { Length: 0 or > MaxLength })
            return false;

        token = pushProvider switch
        {
            "apns" => Hex().IsMatch(text) && text.Length % 2 == 0 && text.Length is >= 64 and <= 200 ? text.ToLowerInvariant() : "",
            "webpush" => Canonical(text, out code) ?? "",
            // Pushy takes the name of a topic for a token, and would tell everybody.
            "jpush" or "pushy" => PlainId().IsMatch(text) ? text : "",
            _ => Opaque().IsMatch(text) ? text : "",
        };
        return token.Length > 0;
    }

    /// What a person reads beside the code.
    public static string Explain(string pushProvider, string code) =>
        pushProvider == "webpush" && code != Invalid ? Subscription.Explain(code) : $"This is not a token of {pushProvider}";

    private static string? Canonical(string text, out string code) => Subscription.Parse(text, out code)?.Token;

    [GeneratedRegex(@"\A[0-9a-fA-F]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hex();

    [GeneratedRegex(@"\A[A-Za-z0-9_:.=+/-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Opaque();

    [GeneratedRegex(@"\A[A-Za-z0-9_:.-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainId();
}
