using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NotificationServer.Platform;

/// Finds the addresses of a host, and connects, without taking a thread from others. The system's lookup blocks its thread for as long as the name
/// server is silent (ten seconds by resolv.conf(5)); the framework does it on the threads of the pool, one for each connection that is opened. A
/// provider whose name server is away would so stop every other channel, and the API.
internal static class Dialing
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<IPAddress[]>>> underWay = new(StringComparer.OrdinalIgnoreCase);

    /// One question at a time for a host, on a thread of its own: whoever asks meanwhile gets its answer, and nothing is kept after it. Throws
    /// SocketException where there is no such name or no answer, as <see cref="Dns"/> does.
    public static Task<IPAddress[]> FindAsync(string host, CancellationToken ct) => FindAsync(host, Dns.GetHostAddresses, ct);

    internal static Task<IPAddress[]> FindAsync(string host, Func<string, IPAddress[]> lookUp, CancellationToken ct) => IPAddress.TryParse(host, out var address)
        ? Task.FromResult<IPAddress[]>([address])
        : underWay.GetOrAdd(host, name => new Lazy<Task<IPAddress[]>>(() => Ask(name, lookUp))).Value.WaitAsync(ct);

    /// The first of the addresses that answers.
    public static async Task<Socket> OpenAsync(IPAddress[] addresses, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Task<IPAddress[]> Ask(string host, Func<string, IPAddress[]> lookUp)
    {
        var asked = Task.Factory.StartNew(() => lookUp(host), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        asked.ContinueWith(answered =>
        {
            _ = answered.Exception; // whoever asked may have given up meanwhile
            underWay.TryRemove(host, out var _);
        }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return asked;
    }
}
