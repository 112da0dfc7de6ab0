using System.Net;
using System.Net.Sockets;

namespace NotificationServer.Benchmarks.Faults;

/// A port that is taken, so that nobody else gets it, and refuses every connection because nobody listens.
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port; // bound above

    public void Dispose() => socket.Dispose();
}
