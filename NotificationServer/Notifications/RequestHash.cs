using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Templates;

namespace NotificationServer.Notifications;

/// Whether two requests ask for the same thing. Of the parsed request, not of the bytes: the order of members, white space
/// and the spelling of an escape say nothing.
internal static class RequestHash
{
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static Scratch? ours;

    public static byte[] Of(NotificationRequest request)
    {
        var scratch = ours ??= new Scratch();
        scratch.Buffer.ResetWrittenCount();
        scratch.Json.Reset();
        Write(scratch.Json, request);
        scratch.Json.Flush();
        var hash = SHA256.HashData(scratch.Buffer.WrittenSpan);
        if (scratch.Buffer.Capacity > MostKept) ours = null;
        return hash;
    }

    private static void Write(Utf8JsonWriter json, NotificationRequest request)
    {
        json.WriteStartArray();
        json.WriteStringValue(request.EventId);
        json.WriteBooleanValue(request.Sandbox);
        foreach (var to in request.To)
        {
            json.WriteStartArray();
            json.WriteStringValue(to.UserId);
            json.WriteStringValue(to.Email);
            json.WriteStringValue(to.Phone);
            json.WriteStringValue(to.Locale);
            // Written only where there is one: what was hashed before zones counted stays the same.
            if (to.TimeZone is not null) json.WriteStringValue(to.TimeZone);
            json.WriteEndArray();
        }
        json.WriteStringValue(request.Template);
        json.WriteNumberValue(request.TemplateVersion ?? 0);
        foreach (var channel in request.Channels) json.WriteStringValue(channel.Name());
        json.WriteStringValue(request.Category);
        WriteInstant(json, request.SendAt);
        WriteInstant(json, request.ExpiresAt);
        WritePayload(json, request.Payload);
        json.WriteEndArray();
    }

    /// Our own fields come in one order anyway; only what callers nest as they like is sorted.
    private static void WritePayload(Utf8JsonWriter json, NotificationPayload payload)
    {
        var (data, metadata, pushed) = (payload.Data, payload.Metadata, payload.Content?.Data);
        if (pushed is not null) payload = payload with { Content = payload.Content! with { Data = null } };
        if (data is not null || metadata is not null) payload = payload with { Data = null, Metadata = null };
        JsonSerializer.Serialize(json, payload, PayloadJson.Default.NotificationPayload);
        foreach (var free in (ReadOnlySpan<JsonElement?>)[data, metadata, pushed])
        {
            if (free is { } element) WriteSorted(json, element);
            else json.WriteNullValue();
        }
    }

    private static void WriteInstant(Utf8JsonWriter json, DateTimeOffset? instant)
    {
        if (instant is { } at) json.WriteNumberValue(at.UtcTicks);
        else json.WriteNullValue();
    }

    private static void WriteSorted(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    WriteSorted(json, member.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray()) WriteSorted(json, item);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                // Not the raw text: "\u0061" and "a" are the same string.
                json.WriteStringValue(element.GetString());
                break;
            case JsonValueKind.Undefined or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                element.WriteTo(json);
                break;
        }
    }

    /// Kept by each thread: a batch hashes a thousand requests.
    private sealed class Scratch
    {
        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);
        public Utf8JsonWriter Json { get; }

        public Scratch() => Json = new Utf8JsonWriter(Buffer);
    }
}
