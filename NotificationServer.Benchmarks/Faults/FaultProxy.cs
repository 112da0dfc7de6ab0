using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NotificationServer.Benchmarks.Faults;

/// A TCP relay on loopback that misbehaves on demand. It understands nothing of TLS, which passes through it.
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<ProxiedConnection, Task> open = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;
    private volatile ProxyRules rules = ProxyRules.Pass;
    private volatile IPEndPoint target;
    private int struck;

    public FaultProxy(int targetPort)
    {
        target = new IPEndPoint(IPAddress.Loopback, targetPort);
        listener.Start(backlog: 2000);
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ProxyRules Rules
    {
        get => rules;
        set => rules = value;
    }

    /// Where new connections go.
    public IPEndPoint Target => target;

    /// How many connections were cut by a rule.
    public int Struck => Volatile.Read(ref struck);

    public void CountStrike() => Interlocked.Increment(ref struck);

    /// New connections go to another port; those that are open are cut, so that everybody comes anew.
    public void Repoint(int port)
    {
        target = new IPEndPoint(IPAddress.Loopback, port);
        ResetAll();
    }

    public void ResetAll()
    {
        foreach (var connection in open.Keys) connection.Reset();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new ProxiedConnection(await listener.AcceptSocketAsync(stopping.Token), this);
                if (rules.Refuse) connection.Reset();
                else open[connection] = RunAsync(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task RunAsync(ProxiedConnection connection)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await connection.RunAsync(stopping.Token);
        open.TryRemove(connection, out _);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Dispose();
        ResetAll();
        stopping.Dispose();
    }
}
