namespace NotificationServer.Channels;

/// A channel has a queue, workers and connections of its own: what one provider does never delays another channel.
/// Desktop goes with the system that delivers it: macOS with `ios_push` (APNs), Windows and browsers with `web_push`.
internal enum Channel
{
    IosPush,
    AndroidPush,
    WebPush,
    Sms,
    Email,
}

/// What people and services call a kind of channel: `push` is every push channel of a person.
internal enum ChannelFamily
{
    Push,
    Sms,
    Email,
}

internal static class ChannelNames
{
    private static readonly string[] Apple = ["ios", "macos"], Android = ["android"], Web = ["web", "windows"];

    public static readonly Channel[] All = [Channel.IosPush, Channel.AndroidPush, Channel.WebPush, Channel.Sms, Channel.Email];

    public static string Name(this Channel channel) => channel switch
    {
        Channel.IosPush => "ios_push",
        Channel.AndroidPush => "android_push",
        Channel.WebPush => "web_push",
        Channel.Sms => "sms",
        Channel.Email => "email",
    };

    public static string Name(this ChannelFamily family) => family switch
    {
        ChannelFamily.Push => "push",
        ChannelFamily.Sms => "sms",
        ChannelFamily.Email => "email",
    };

    public static ChannelFamily Family(this Channel channel) => channel switch
    {
        Channel.IosPush or Channel.AndroidPush or Channel.WebPush => ChannelFamily.Push,
        Channel.Sms => ChannelFamily.Sms,
        Channel.Email => ChannelFamily.Email,
    };

    public static Channel Parse(string name) =>
        TryParse(name, out var channel) ? channel : throw new ArgumentOutOfRangeException(nameof(name), name, "not a channel");

    public static bool TryParse(string? name, out Channel channel)
    {
        (var known, channel) = name switch
        {
            "ios_push" => (true, Channel.IosPush),
            "android_push" => (true, Channel.AndroidPush),
            "web_push" => (true, Channel.WebPush),
            "sms" => (true, Channel.Sms),
            "email" => (true, Channel.Email),
            _ => (false, default),
        };
        return known;
    }

    /// The channels that a name in a request or a preference stands for: itself, or all of its family. Empty if unknown.
    public static IReadOnlyList<Channel> Expand(string name) => name switch
    {
        "push" => [Channel.IosPush, Channel.AndroidPush, Channel.WebPush],
        _ when TryParse(name, out var channel) => [channel],
        _ => [],
    };

    public static Channel OfPlatform(string platform) => platform switch
    {
        "ios" or "macos" => Channel.IosPush,
        "android" => Channel.AndroidPush,
        _ => Channel.WebPush,
    };

    /// What a channel's pushes can go to; none for texts and mails.
    public static IReadOnlyList<string> PlatformsOf(Channel channel) => channel switch
    {
        Channel.IosPush => Apple,
        Channel.AndroidPush => Android,
        Channel.WebPush => Web,
        Channel.Sms or Channel.Email => [],
    };
}
