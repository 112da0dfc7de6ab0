using System.Buffers;

namespace NotificationServer.Recipients.Imports;

/// Cuts a stream into its rows as it comes, holding one row and one buffer: at line ends, and within quotes not there (CSV).
internal sealed class RowReader(Stream source, bool quotes)
{
    public const int MostRowBytes = 64 * 1024;

    private readonly byte[] buffer = new byte[32 * 1024];
    private readonly ArrayBufferWriter<byte> row = new(4096);
    private int at;
    private int end;
    private int number;

    /// Bytes: until the next one is asked for. TooLong: it was passed over.
    internal readonly record struct Row(int Number, ReadOnlyMemory<byte> Bytes, bool TooLong);

    /// What a text begins with never begins these: archives, and other encodings.
    public static bool IsNoText(ReadOnlySpan<byte> start) =>
        start.StartsWith("PK"u8) || start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
        || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);

    /// Null: the end.
    public async ValueTask<Row?> NextAsync(CancellationToken ct)
    {
        row.ResetWrittenCount();
        var (quoted, tooLong, any) = (false, false, false);
        while (true)
        {
            if (at == end)
            {
                (at, end) = (0, await source.ReadAsync(buffer, ct));
                if (end == 0) return any ? Finish(tooLong) : null;
            }
            any = true;
            var rest = buffer.AsMemory(at, end - at);
            var length = EndOf(rest.Span, ref quoted);
            var isWhole = length >= 0;
            if (!isWhole) length = rest.Length;
            tooLong |= row.WrittenCount + length > MostRowBytes;
            if (!tooLong) row.Write(rest.Span[..length]);
            at += length + (isWhole ? 1 : 0);
            if (isWhole) return Finish(tooLong);
        }
    }

    private Row Finish(bool tooLong)
    {
        var bytes = row.WrittenMemory;
        if (++number == 1 && bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.Length > 0 && bytes.Span[^1] == (byte)'\r') bytes = bytes[..^1];
        return new Row(number, tooLong ? default : bytes, tooLong);
    }

    /// Where the row ends; -1: further on.
    private int EndOf(ReadOnlySpan<byte> text, ref bool quoted)
    {
        if (!quotes) return text.IndexOf((byte)'\n');
        for (var from = 0; ;)
        {
            var next = quoted ? text[from..].IndexOf((byte)'"') : text[from..].IndexOfAny((byte)'"', (byte)'\n');
            if (next < 0) return -1;
            if (text[from + next] == (byte)'\n') return from + next;
            quoted = !quoted;
            from += next + 1;
        }
    }
}
