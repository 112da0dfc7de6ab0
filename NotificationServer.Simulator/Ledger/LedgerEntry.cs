using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NotificationServer.Simulator.Ledger;

/// One accepted message. <see cref="Line"/> is the very line on disk; the rest is what tests ask for most.
internal sealed record LedgerEntry
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required DateTimeOffset At { get; init; }
    public required string Provider { get; init; }
    /// The id that the provider answers with.
    public required string Id { get; init; }
    /// The sender's own id of the message, where the request carries one.
    public string? MessageKey { get; init; }
    public required string To { get; init; }
    public required string ChannelHint { get; init; }
    public ReadOnlyMemory<byte> Line { get; private init; }

    /// The decoded body of the request.
    public JsonElement Body => Member("body");

    /// A further member of the line, such as the `headers` of an APNs push.
    public JsonElement Member(string name)
    {
        using var line = JsonDocument.Parse(Line);
        return line.RootElement.GetProperty(name).Clone();
    }

    /// <param name="state">Handed to <paramref name="writeMembers"/>, so that it needs no closure.</param>
    /// <param name="writeMembers">Writes the member `body` and any further ones.</param>
    public LedgerEntry Written<TState>(TState state, Action<Utf8JsonWriter, TState> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("at", At);
            json.WriteString("provider", Provider);
            json.WriteString("id", Id);
            json.WriteString("message_key", MessageKey);
            json.WriteString("to", To);
            json.WriteString("channel_hint", ChannelHint);
            writeMembers(json, state);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return this with { Line = buffer.WrittenMemory };
    }
}
