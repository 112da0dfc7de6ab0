using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Platform.Telemetry;

namespace NotificationServer.Channels.Wire;

/// Makes the connections of each vendor: never shared between vendors, so that one cannot use up another's.
internal sealed class WireClients(IOptions<ChannelsOptions> options, IOptions<TelemetryOptions>? telemetry = null)
{
    // A vendor's answer is a few hundred bytes; without a limit one bad answer fills the memory.
    private const int LongestAnswer = 64 * 1024;

    private readonly X509ChainPolicy? trust = TrustedRoots.Policy(options.Value.TrustedRootsFile);

    /// Whose certificates a connection that is not HTTP believes; null: the system's roots alone.
    public X509ChainPolicy? Trust => trust;

    /// HTTP/1.1 (or what the vendor likes better): connections are renewed so that a change of address is noticed.
    public WireClient Http(Uri baseAddress) =>
        Client(baseAddress, Handler(TimeSpan.FromMinutes(2)), HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower);

    /// HTTP/2 and nothing else, on connections that stay open for hours: pings find the dead ones.
    public WireClient Http2(Uri baseAddress)
    {
        var handler = Handler(Timeout.InfiniteTimeSpan);
        handler.EnableMultipleHttp2Connections = true;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromHours(1);
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        return Client(baseAddress, handler, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
    }

    /// HTTP/2 where it is to be had, renewed like HTTP/1.1.
    public WireClient HttpBest(Uri baseAddress)
    {
        var handler = Handler(TimeSpan.FromMinutes(2));
        handler.EnableMultipleHttp2Connections = true;
        return Client(baseAddress, handler, HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
    }

    /// The same for requests that name their host themselves: one pool for the many hosts of one vendor.
    public WireClient HttpAny()
    {
        var handler = Handler(TimeSpan.FromMinutes(2));
        handler.EnableMultipleHttp2Connections = true;
        return Client(null, handler, HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
    }

    private SocketsHttpHandler Handler(TimeSpan lifetime) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        ConnectCallback = ConnectAsync,
        PooledConnectionLifetime = lifetime,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        // Trace headers are ours, not the vendors', unless Telemetry:TellProviders says otherwise; then WireClient writes it.
        ActivityHeadersPropagator = null,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dialing.FindAsync(context.DnsEndPoint.Host, ct);
        return new NetworkStream(await Dialing.OpenAsync(addresses, context.DnsEndPoint.Port, ct), ownsSocket: true);
    }

    // The deadline of a call is its token's; HttpClient's own would hide which of the two it was.
    private WireClient Client(Uri? baseAddress, SocketsHttpHandler handler, Version version, HttpVersionPolicy policy) =>
        new(new HttpClient(handler)
        {
            BaseAddress = baseAddress,
            DefaultRequestVersion = version,
            DefaultVersionPolicy = policy,
            MaxResponseContentBufferSize = LongestAnswer,
            Timeout = Timeout.InfiniteTimeSpan,
        }, telemetry?.Value.TellProviders ?? false);
}
