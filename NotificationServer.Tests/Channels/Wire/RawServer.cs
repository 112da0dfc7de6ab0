using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NotificationServer.Tests.Channels.Wire;

/// A server below HTTP: says exactly these bytes, or cuts the line.
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<TcpClient> clients = [];
    private readonly Func<TcpClient, CancellationToken, Task> serve;
    private readonly Task accepting;

    public RawServer(Func<TcpClient, CancellationToken, Task> serve)
    {
        this.serve = serve;
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// Reads one whole request, then says so and does the rest.
    public static RawServer Saying(string bytes, Func<TcpClient, CancellationToken, Task>? then = null) => new(async (client, ct) =>
    {
        await ReadRequestAsync(client.GetStream(), ct);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(bytes), ct);
        if (then is not null) await then(client, ct);
    });

    public static Task Reset(TcpClient client, CancellationToken ct)
    {
        client.LingerState = new LingerOption(true, 0);
        client.Close();
        return Task.CompletedTask;
    }

    public static Task Hang(TcpClient client, CancellationToken ct) => Task.Delay(Timeout.Infinite, ct);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Stop();
        foreach (var client in clients) client.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        clients.Add(client);
        try
        {
            await serve(client, stopping.Token);
            client.Close();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side has gone, which is what some tests are about.
        }
    }

    private static async Task ReadRequestAsync(NetworkStream stream, CancellationToken ct)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("Body=", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, ct);
            if (read == 0) return;
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
    }
}
