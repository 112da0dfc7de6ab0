using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace NotificationServer.Channels.Email.Smtp;

/// Lines out, replies in, over a connection that becomes TLS once. What is not SMTP is an IOException, as a broken line is.
internal sealed class SmtpWire(Socket socket) : IDisposable
{
    // RFC 5321 gives a reply line 512 octets; some say more. Without a limit a bad server fills the memory.
    private const int LongestLine = 4096;
    private const int MostLines = 128;

    private readonly byte[] buffer = new byte[LongestLine];
    private Stream stream = new NetworkStream(socket, ownsSocket: true);
    private int start;
    private int end;

    public async Task SecureAsync(SslClientAuthenticationOptions options, CancellationToken ct)
    {
        // What was said in clear and not yet read may be anybody's: it must not be taken for something said under TLS.
        (start, end) = (0, 0);
        var secure = new SslStream(stream);
        stream = secure;
        await secure.AuthenticateAsClientAsync(options, ct);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => await stream.WriteAsync(bytes, ct);

    /// One or more commands, each without a line end: there is no other way for one to get in.
    public ValueTask CommandAsync(CancellationToken ct, params ReadOnlySpan<string> commands)
    {
        var text = new StringBuilder();
        foreach (var command in commands)
        {
            if (command.AsSpan().ContainsAny('\r', '\n', '\0')) throw new ArgumentException("a command is one line", nameof(commands));
            text.Append(command).Append("\r\n");
        }
        return WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), ct);
    }

    public async ValueTask<SmtpReply> ReplyAsync(CancellationToken ct)
    {
        var lines = new List<string>(1);
        while (lines.Count < MostLines)
        {
            var line = await LineAsync(ct);
            if (SmtpReply.Number(line) is not (> 0 and var code) || (lines.Count > 0 && code != SmtpReply.Number(lines[0])))
                throw new IOException("the server's answer is not SMTP");
            lines.Add(line);
            if (line.Length == 3 || line[3] == ' ') return SmtpReply.Of(lines);
        }
        throw new IOException("the server's answer does not end");
    }

    /// Says goodbye if that takes no time, and closes.
    public void Close(bool politely)
    {
        try
        {
            if (politely)
            {
                stream.WriteTimeout = 100;
                stream.Write("QUIT\r\n"u8);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The server has gone first.
        }
        Dispose();
    }

    public void Dispose() => stream.Dispose();

    private async ValueTask<string> LineAsync(CancellationToken ct)
    {
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = buffer.AsSpan(start, at).TrimEnd((byte)'\r');
                start += at + 1;
                return Encoding.UTF8.GetString(line);
            }
            if (start > 0) buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length) throw new IOException("the server's answer has no line end");
            var read = await stream.ReadAsync(buffer.AsMemory(end), ct);
            if (read == 0) throw new EndOfStreamException("the server closed the connection");
            end += read;
        }
    }
}
