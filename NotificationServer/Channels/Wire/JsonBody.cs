using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NotificationServer.Channels.Wire;

/// Writes a request's JSON through buffers that each thread keeps: this runs once a send.
internal static class JsonBody
{
    // The default encoder writes é as \u00e9: three times the size where 4,096 bytes are the limit. These bodies are never
    // put into HTML.
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private const int LargestKept = 64 * 1024;

    [ThreadStatic] private static ArrayBufferWriter<byte>? buffer;
    [ThreadStatic] private static Utf8JsonWriter? writer;

    /// The bytes are the caller's own: a connection may still read them after the call was given up.
    public static byte[] Write<T>(T what, Action<Utf8JsonWriter, T> write)
    {
        if (buffer is null || buffer.Capacity > LargestKept) (buffer, writer) = (new(1024), null);
        buffer.ResetWrittenCount();
        writer ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Encoder, SkipValidation = true });
        writer.Reset();
        write(writer, what);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static void Optional(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
