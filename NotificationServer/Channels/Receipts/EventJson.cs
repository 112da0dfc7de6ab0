using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NotificationServer.Channels.Receipts;

/// Reads the events that come as JSON, where any member may be missing or be something else than documented.
internal static class EventJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    public static JsonDocument? Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            return JsonDocument.Parse(text, Strict);
        }
        catch (JsonException)
        {
            // Signed, and yet no JSON: nothing to read.
            return null;
        }
    }

    /// Texts and numbers as text, nothing else; without what no column takes.
    public static string? Text(this JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) ? Text(value) : null;

    public static string? Text(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number && Sound(value) is { Length: > 0 and <= 1000 } text ? text : null;

    public static JsonElement Object(this JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Object ? value : default;

    /// Seconds since 1970, as a number or as text; what is no such time happened now.
    public static DateTimeOffset Seconds(this JsonElement of, string member, DateTimeOffset now) => Instant(of.Text(member), now);

    public static DateTimeOffset Instant(string? seconds, DateTimeOffset now) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at is > 946_684_800 and < 253_402_300_800
            ? Earlier(DateTimeOffset.FromUnixTimeSeconds(at), now) : now;

    /// Nothing that was told can have happened later than now, whatever the provider's clock says.
    public static DateTimeOffset Earlier(DateTimeOffset at, DateTimeOffset now) => at < now ? at : now;

    /// Of an event that has no id of its own.
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// What is kept beside the columns: only these members, with addresses taken out of their words.
    public static string? Kept(this JsonElement of, params ReadOnlySpan<string> members)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        var any = false;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in members)
            {
                if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(member, out var value)) continue;
                any |= Write(json, member, value);
            }
            json.WriteEndObject();
        }
        return any ? Encoding.UTF8.GetString(buffer.WrittenSpan) : null;
    }

    private static bool Write(Utf8JsonWriter json, string member, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) json.WriteBoolean(member, value.GetBoolean());
        else if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number && Redacted.Words(Sound(value)) is { } words) json.WriteString(member, words);
        else return false;
        return true;
    }

    /// Half a surrogate pair is JSON, but no text.
    private static string? Sound(JsonElement value)
    {
        try
        {
            return value.ToString().Replace("\0", "", StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
