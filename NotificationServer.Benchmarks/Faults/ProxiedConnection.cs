using System.Net.Sockets;

namespace NotificationServer.Benchmarks.Faults;

/// One client of a proxy and its connection to the target.
internal sealed class ProxiedConnection(Socket client, FaultProxy proxy) : IDisposable
{
    private static readonly byte[] ReadyAndIdle = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly WordSearch statement = new(), listen = new("LISTEN"u8.ToArray());
    private readonly WordSearch done = new(ReadyAndIdle);
    private volatile bool listens, dead, losing;

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(proxy.Target, ct);
            await Task.WhenAny(UpAsync(ct), DownAsync(ct));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
    }

    /// With no time to linger the kernel sends RST.
    public void Reset()
    {
        client.Close(timeout: 0);
        server.Close(timeout: 0);
    }

    private Task UpAsync(CancellationToken ct) => PumpAsync(client, async (buffer, rules) =>
    {
        listens = listens || listen.FindIn(buffer.Span);
        if (Swallows(rules)) return true;
        if (rules.Delay > TimeSpan.Zero) await Task.Delay(rules.Delay + (rules.Jitter * ((Random.Shared.NextDouble() * 2) - 1)), ct);
        if (rules.CutAfter is { } words && statement.FindIn(buffer.Span, words) && Random.Shared.NextDouble() < rules.CutProbability) losing = true;
        await SendAsync(server, buffer, ct);
        return true;
    }, ct);

    private Task DownAsync(CancellationToken ct) => PumpAsync(server, async (buffer, rules) =>
    {
        if (Swallows(rules)) return true;
        if (losing && !done.FindIn(buffer.Span)) return true;
        if (losing || (rules.LoseAnswers > 0 && Random.Shared.NextDouble() < rules.LoseAnswers))
        {
            proxy.CountStrike();
            Reset();
            return false;
        }
        for (var i = 0; rules.Drip > TimeSpan.Zero && i < buffer.Length; i++)
        {
            await SendAsync(client, buffer.Slice(i, 1), ct);
            await Task.Delay(rules.Drip, ct);
        }
        if (rules.Drip == TimeSpan.Zero) await SendAsync(client, buffer, ct);
        return true;
    }, ct);

    private bool Swallows(ProxyRules rules) => dead = dead || rules.HalfOpen || (rules.HalfOpenListeners && listens);

    private async Task PumpAsync(Socket from, Func<ReadOnlyMemory<byte>, ProxyRules, Task<bool>> pass, CancellationToken ct)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, ct) is > 0 and var read)
                if (!await pass(buffer.AsMemory(0, read), proxy.Rules)) return;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0) bytes = bytes[await to.SendAsync(bytes, ct)..];
    }
}
