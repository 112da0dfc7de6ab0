using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace NotificationServer.Platform.Telemetry;

/// Answers `/metrics`, to those who may read them.
internal sealed class MetricsDoor(MetricBook book, IOptions<MetricsOptions> options, IHostEnvironment environment)
{
    public const string Path = "/metrics";
    private const string Scheme = "Bearer ";

    private readonly byte[]? token = options.Value.ReadToken() is { } secret ? SHA256.HashData(Encoding.UTF8.GetBytes(secret)) : null;
    private readonly IPNetwork[] allowed = [.. options.Value.AllowedNetworks.Select(text => IPNetwork.Parse(text))];

    /// On the server's own port: there whoever comes through a proxy of this machine comes from this machine, so that says nothing.
    public bool IsOnServersPort => options.Value.Port is null && (options.Value.IsWanted || environment.IsDevelopment());

    public Task AnswerAsync(HttpContext http, bool isOwnPort)
    {
        var response = http.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }
        if (!MayRead(http, isOwnPort))
        {
            response.StatusCode = token is null ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
            if (token is not null) response.Headers.WWWAuthenticate = "Bearer realm=\"metrics\"";
            return Task.CompletedTask;
        }
        var openMetrics = http.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        response.ContentType = openMetrics ? Exposition.Open : Exposition.Plain;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.WriteAsync(book.Read(openMetrics), http.RequestAborted);
    }

    private bool MayRead(HttpContext http, bool isOwnPort)
    {
        if (http.Connection.RemoteIpAddress is { } from)
        {
            var address = from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from;
            if (allowed.Any(network => network.Contains(address))) return true;
            // In Development the server listens to this machine alone.
            if (IPAddress.IsLoopback(address) && token is null && (isOwnPort || environment.IsDevelopment())) return true;
        }
        return token is not null && http.Request.Headers.Authorization is [{ } said] && said.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(said[Scheme.Length..].Trim())), token);
    }
}
