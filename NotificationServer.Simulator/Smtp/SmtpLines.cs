using System.Text;

namespace NotificationServer.Simulator.Smtp;

/// Reads what a client says, line by line, and answers.
internal sealed class SmtpLines(Stream stream)
{
    private const int Longest = 16 * 1024;

    private readonly byte[] buffer = new byte[Longest];
    private int start;
    private int end;

    public Stream Stream => stream;

    /// Said before the turn: after STARTTLS such bytes would be an attacker's.
    public bool HasMore => end > start;

    /// A line with its line end; null: the client has gone, or never ends its line.
    public async Task<byte[]?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = buffer[start..(start + at + 1)];
                start += at + 1;
                return line;
            }
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length) return null;
            var read = await stream.ReadAsync(buffer.AsMemory(end), ct);
            if (read == 0) return null;
            end += read;
        }
    }

    public Task WriteAsync(string line, CancellationToken ct) => stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), ct).AsTask();
}
