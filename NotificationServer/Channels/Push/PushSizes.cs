using System.Text.Json;
using NotificationServer.Channels.Push.Fcm;
using NotificationServer.Channels.Push.JPush;
using NotificationServer.Channels.Push.Pushy;
using NotificationServer.Channels.Push.WebPush;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push;

/// What one vendor would count of a push. Shortened: the body has to lose words to fit, as it will when it is sent.
internal sealed record PushSize(string Vendor, string Name, int Bytes, int Most, bool Fits)
{
    public bool Shortened => Bytes > Most && Fits;
}

/// The bytes of one text at every vendor, written by the code that writes them for the send. The vendors' usual limits; an
/// installation that set its own is not asked.
internal static class PushSizes
{
    /// As long as FCM's registration tokens are: the token is a part of what FCM counts.
    private static readonly string Token = new('x', 163);
    private static readonly JPushOptions JPush = new();
    private static readonly WebPushOptions WebPush = new();

    public static IReadOnlyList<PushSize> Of(string? title, string? body, JsonElement? data)
    {
        var android = new PushMessage
        {
            Id = Guid.Empty, Channel = Channel.AndroidPush, Token = Token, PushProvider = "", Title = title, Body = body, Data = data,
        };
        var ios = android with { Channel = Channel.IosPush };
        var now = DateTimeOffset.UnixEpoch;
        return
        [
            Measure("apns", "APNs", ios, FittingBody.MostBytes, (json, what) => ApsPayload.Write(json, what.Message, what.Body)),
            Measure("fcm", "FCM", android, FittingBody.MostBytes, (json, what) => FcmPayload.Write(json, what.Message, what.Body, now)),
            Measure("webpush", "Web push", android with { Channel = Channel.WebPush }, WebPush.MaxPayload, (json, what) => WebPushPayload.Write(json, what.Message, what.Body)),
            Measure("jpush", "JPush on Android", android, JPush.MaxAndroidBytes, (json, what) => JPushPayload.WriteContent(json, what.Message, what.Body)),
            Measure("jpush", "JPush on iOS", ios, JPush.MaxIosBytes, (json, what) => JPushPayload.WriteContent(json, what.Message, what.Body)),
            Measure("pushy", "Pushy", android, FittingBody.MostBytes, (json, what) => PushyPayload.WriteContent(json, what.Message, what.Body)),
        ];
    }

    private static PushSize Measure(
        string vendor, string name, PushMessage message, int most, Action<Utf8JsonWriter, (PushMessage Message, string? Body)> write) =>
        new(vendor, name, JsonBody.Write((message, message.Body), write).Length, most, FittingBody.TryText(message, write, most, out _));
}
