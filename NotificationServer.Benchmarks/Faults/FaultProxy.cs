using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NotificationServer.Benchmarks.Faults;

/// A TCP relay on loopback that misbehaves on demand. It understands nothing of TLS, which passes through it.
internal sealed class FaultProxy : IAsyncDisposable
{
    private TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<ProxiedConnection, Task> open = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly int port;
    private Task accepting;
    private Socket? reserved;
    private volatile ProxyRules rules = ProxyRules.Pass;
    private volatile IPEndPoint target;
    private int struck;

    public FaultProxy(int targetPort)
    {
        target = new IPEndPoint(IPAddress.Loopback, targetPort);
        listener.Start(backlog: 2000);
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port => port;

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

    /// As a machine whose server is gone: what is open is cut, and who comes is refused by the kernel.
    public async Task CloseAsync()
    {
        if (reserved is not null) return;
        listener.Stop();
        await accepting;
        reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, port)); // or somebody else would get the port meanwhile
        ResetAll();
    }

    public void Open()
    {
        if (reserved is null) return;
        reserved.Dispose();
        reserved = null;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start(backlog: 2000);
        accepting = AcceptAsync();
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
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
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
        reserved?.Dispose();
        ResetAll();
        stopping.Dispose();
    }
}
