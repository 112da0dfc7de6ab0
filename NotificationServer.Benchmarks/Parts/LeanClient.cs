using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NotificationServer.Benchmarks.Parts;

/// One keep-alive HTTP/1.1 connection on a bare socket, one request at a time: a client that costs so little that the server gets
/// the processors. It understands just what our server answers.
internal sealed class LeanClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string head;
    private byte[] buffer = new byte[16 * 1024];
    private int received;
    private byte[] outgoing = new byte[16 * 1024];

    private LeanClient(string head) => this.head = head;

    public static async Task<LeanClient> ConnectAsync(IPEndPoint server, string path, string key, CancellationToken ct)
    {
        var client = new LeanClient(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: ");
        await client.socket.ConnectAsync(server, ct);
        return client;
    }

    /// The status of the answer, when all of it is here.
    public async ValueTask<int> PostAsync(string body, CancellationToken ct)
    {
        await SendAsync(body, ct);
        received = 0;
        while (true)
        {
            if (received == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await socket.ReceiveAsync(buffer.AsMemory(received), SocketFlags.None, ct);
            if (read == 0) throw new IOException("The server closed the connection");
            received += read;
            if (IsWhole(buffer.AsSpan(0, received))) return int.Parse(buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
        }
    }

    public string LastAnswer => Encoding.UTF8.GetString(buffer.AsSpan(0, received));

    public int CountInAnswer(string text) => buffer.AsSpan(0, received).Count(Encoding.UTF8.GetBytes(text));

    public void Dispose() => socket.Dispose();

    private async ValueTask SendAsync(string body, CancellationToken ct)
    {
        var length = Encoding.UTF8.GetByteCount(body);
        var request = string.Create(CultureInfo.InvariantCulture, $"{head}{length}\r\n\r\n");
        if (outgoing.Length < request.Length + length) outgoing = new byte[2 * (request.Length + length)];
        var written = Encoding.ASCII.GetBytes(request, outgoing);
        written += Encoding.UTF8.GetBytes(body, outgoing.AsSpan(written));
        for (var sent = 0; sent < written;)
            sent += await socket.SendAsync(outgoing.AsMemory(sent, written - sent), SocketFlags.None, ct);
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var headers = answer[..end];
        if (headers.IndexOf("Transfer-Encoding: chunked"u8) >= 0) return answer.EndsWith("\r\n0\r\n\r\n"u8);
        var at = headers.IndexOf("Content-Length: "u8);
        if (at < 0) return true;
        var digits = headers[(at + 16)..];
        var stop = digits.IndexOf((byte)'\r');
        return answer.Length >= end + 4 + int.Parse(stop < 0 ? digits : digits[..stop], CultureInfo.InvariantCulture);
    }
}
