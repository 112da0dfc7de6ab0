using System.Globalization;
using System.Text.Json;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Push;

/// Push services refuse a payload over 4,096 bytes, or over a limit of their own. A long text is shortened rather than lost:
/// the phone shows its first lines anyway. Title and data are never touched: without them the message means something else.
internal static class FittingBody
{
    public const int MostBytes = 4096;

    private const string Ellipsis = "…";
    private const int EllipsisBytes = 3;

    /// The payload, with the body shortened if that makes it fit; null if it cannot fit.
    public static byte[]? Write(PushMessage message, Action<Utf8JsonWriter, (PushMessage Message, string? Body)> write, int most = MostBytes) =>
        Fit(message, write, most).Payload;

    /// For services that limit a part of the request: the body with which that part fits. False: it cannot fit.
    public static bool TryText(
        PushMessage message, Action<Utf8JsonWriter, (PushMessage Message, string? Body)> writePart, int most, out string? body)
    {
        (var payload, body) = Fit(message, writePart, most);
        return payload is not null;
    }

    private static (byte[]? Payload, string? Body) Fit(
        PushMessage message, Action<Utf8JsonWriter, (PushMessage Message, string? Body)> write, int most)
    {
        var payload = JsonBody.Write((message, message.Body), write);
        var excess = payload.Length - most;
        if (excess <= 0) return (payload, message.Body);
        if (message.Body is null || Shorten(message.Body, excess + EllipsisBytes) is not { } shorter) return (null, null);

        var body = shorter + Ellipsis;
        payload = JsonBody.Write((message, body), write);
        return payload.Length <= most ? (payload, body) : (null, null);
    }

    /// Takes at least so many bytes (as written in JSON) off the end, between two characters as people see them.
    private static string? Shorten(string body, int bytes)
    {
        var room = Size(body) - bytes;
        var end = 0;
        while (end < body.Length)
        {
            var length = StringInfo.GetNextTextElementLength(body, end);
            room -= Size(body.AsSpan(end, length));
            if (room < 0) break;
            end += length;
        }
        return end == 0 ? null : body[..end].TrimEnd();
    }

    private static int Size(ReadOnlySpan<char> text) => JsonEncodedText.Encode(text, JsonBody.Encoder).EncodedUtf8Bytes.Length;
}
