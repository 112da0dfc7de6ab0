using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using NotificationServer.Channels.Wire;
using NotificationServer.Platform;

namespace NotificationServer.Tracking.Webhooks;

/// Calls endpoints. Never throws for what a network or a receiver does. Redirects, proxies, cookies and compression are off, and what it
/// connects to is the address that was looked at, not a name that is resolved once more.
internal sealed class WebhookClient : IDisposable
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly TargetRules rules;
    private readonly TimeProvider clock;
    private readonly TimeSpan deadline;
    private readonly HttpClient http;

    public WebhookClient(TargetRules rules, WireClients wires, IOptions<WebhooksOptions> options, TimeProvider clock)
    {
        (this.rules, this.clock, deadline) = (rules, clock, options.Value.Deadline);
        http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            // A connection that is kept was made to an address that was allowed; for no longer than a name should be believed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 16 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            // Trace headers are ours.
            ActivityHeadersPropagator = null,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = wires.Trust },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // the deadline is the call's own, to tell the two apart
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("NotificationServer-Webhooks", "1"));
    }

    /// Not cancelled when the server stops: a call that was cut short might have been heard. Its deadline ends it.
    public async Task<WebhookAnswer> SendAsync(Uri url, string id, byte[] body, IReadOnlyList<byte[]> secrets)
    {
        using var request = Request(url, id, body, secrets);
        return await CallAsync(request);
    }

    /// The same way, by the same rules, for a receiver that knows nothing of our events and signatures.
    public async Task<WebhookAnswer> PostAsync(Uri url, byte[] body)
    {
        using var request = Bare(url, body);
        return await CallAsync(request);
    }

    private async Task<WebhookAnswer> CallAsync(HttpRequestMessage request)
    {
        using var over = new CancellationTokenSource(deadline, clock);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, over.Token);
            var status = (int)response.StatusCode;
            var said = await AnswerText.ReadAsync(response.Content, AnswerPatience, clock, over.Token);
            return response.IsSuccessStatusCode
                ? new WebhookAnswer(status, null, said)
                : new WebhookAnswer(status, WebhookAnswer.Of(status), said, RetryAfter(response));
        }
        catch (OperationCanceledException)
        {
            return WebhookAnswer.Failed(WebhookAnswer.TimedOut);
        }
        catch (HttpRequestException e)
        {
            return WebhookAnswer.Failed(ErrorOf(e));
        }
        catch (IOException)
        {
            return WebhookAnswer.Failed(WebhookAnswer.BrokenOff);
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(Uri url, string id, byte[] body, IReadOnlyList<byte[]> secrets)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        var request = Bare(url, body);
        request.Headers.Add(IdHeader, id);
        request.Headers.Add(TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(SignatureHeader, WebhookSignature.Of(secrets, id, timestamp, body));
        return request;
    }

    private static HttpRequestMessage Bare(Uri url, byte[] body) => new(HttpMethod.Post, url)
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = new ByteArrayContent(body) { Headers = { ContentType = Json } },
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var scheme = context.InitialRequestMessage.RequestUri?.Scheme ?? Uri.UriSchemeHttps;
        var addresses = await rules.ResolveAsync(context.DnsEndPoint.Host, scheme, ct);
        return new NetworkStream(await Dialing.OpenAsync(addresses, context.DnsEndPoint.Port, ct), ownsSocket: true);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Retry-After", out var values) ? RetryAfterHeader.Parse(values.FirstOrDefault(), clock.GetUtcNow()) : null;

    private static string ErrorOf(HttpRequestException e) => e switch
    {
        { InnerException: TargetRefusedException } => WebhookAnswer.NotAllowed,
        { HttpRequestError: HttpRequestError.NameResolutionError } => WebhookAnswer.NoName,
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => WebhookAnswer.NoName,
        { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } => WebhookAnswer.NoTls,
        { HttpRequestError: HttpRequestError.ConnectionError } or { InnerException: SocketException } => WebhookAnswer.NoConnection,
        _ => WebhookAnswer.BrokenOff,
    };
}
