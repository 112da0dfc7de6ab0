using System.Net.Sockets;
using System.Text;

namespace NotificationServer.Tests.Api.Http;

/// HTTP byte by byte, for what a proper client refuses to send.
internal static class RawHttp
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// All that comes back until the server closes, or until `done` says that it has been enough.
    public static async Task<string> SendAsync(Uri server, params string[] parts)
    {
        using var deadline = new CancellationTokenSource(Limit);
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Host, server.Port, deadline.Token);
        var stream = socket.GetStream();
        foreach (var part in parts)
            await stream.WriteAsync(Encoding.Latin1.GetBytes(part), deadline.Token);
        return await ReadAsync(stream, deadline.Token);
    }

    /// Sends the text one byte at a time until the server has had enough; returns its answer.
    public static async Task<string> DripAsync(Uri server, string start, TimeSpan pause)
    {
        using var deadline = new CancellationTokenSource(Limit);
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Host, server.Port, deadline.Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(start), deadline.Token);
        var answer = ReadAsync(stream, deadline.Token);
        using var drip = new PeriodicTimer(pause);
        try
        {
            while (!answer.IsCompleted && await drip.WaitForNextTickAsync(deadline.Token))
                await stream.WriteAsync("a"u8.ToArray(), deadline.Token);
        }
        catch (IOException)
        {
            // The server has closed; what it said before is in the answer.
        }

        return await answer;
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken ct)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            for (var read = await stream.ReadAsync(buffer, ct); read > 0; read = await stream.ReadAsync(buffer, ct))
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (text.ToString().EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
                    break;
            }
        }
        catch (IOException)
        {
            // A reset ends an answer as well.
        }

        return text.ToString();
    }

    public static int Status(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && int.TryParse(answer.AsSpan(9, 3), out var status) ? status : 0;
}
