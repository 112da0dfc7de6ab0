using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using NotificationServer.Platform.Telemetry;

namespace NotificationServer.Channels.Wire;

/// One vendor's connections. A call never throws for what a network or a vendor does.
internal sealed class WireClient(HttpClient http, bool tellsTrace = false) : IDisposable
{
    public static readonly MediaTypeHeaderValue Json = new("application/json") { CharSet = "utf-8" };
    public static readonly MediaTypeHeaderValue PlainJson = new("application/json");
    public static readonly MediaTypeHeaderValue Form = new("application/x-www-form-urlencoded");

    public async Task<WireReply> SendAsync(HttpRequestMessage request, OutgoingBody body, CancellationToken ct)
    {
        request.Content = body;
        request.Version = http.DefaultRequestVersion;
        request.VersionPolicy = http.DefaultVersionPolicy;
        using var span = Begin(request);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, ct);
            span?.SetTag("http.response.status_code", (int)response.StatusCode);
            return new WireReply((int)response.StatusCode, await BodyOf(response, ct), response.Headers, null);
        }
        catch (HttpRequestException e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.HttpRequestError.ToString());
            return WireReply.Failed(WireFault.Of(e, body.HandedOver));
        }
        catch (OperationCanceledException e)
        {
            return WireReply.Failed(WireFault.Of(e, body.HandedOver, ct));
        }
        catch (IOException)
        {
            return WireReply.Failed(WireFault.OfBrokenStream());
        }
    }

    /// A question that changes nothing at the vendor.
    public async Task<WireReply> AskAsync(string path, string? authorization, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Version = http.DefaultRequestVersion;
        request.VersionPolicy = http.DefaultVersionPolicy;
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, ct);
            return new WireReply((int)response.StatusCode, await BodyOf(response, ct), response.Headers, null);
        }
        catch (HttpRequestException e)
        {
            return WireReply.Failed(WireFault.Of(e, handedOver: false));
        }
        catch (OperationCanceledException e)
        {
            return WireReply.Failed(WireFault.Of(e, handedOver: false, ct));
        }
        catch (IOException)
        {
            return WireReply.Failed(WireFault.OfBrokenStream());
        }
    }

    public void Dispose() => http.Dispose();

    /// Only within a trace that somebody records. The host and no more of the address: of some vendors the path is a person's token.
    private Activity? Begin(HttpRequestMessage request)
    {
        var span = Tracing.Part(request.Method.Method, ActivityKind.Client);
        if (span is null) return null;
        span.SetTag("http.request.method", request.Method.Method);
        span.SetTag("server.address", (request.RequestUri is { IsAbsoluteUri: true } at ? at : http.BaseAddress)?.Host);
        if (tellsTrace && span.Id is { } id) request.Headers.TryAddWithoutValidation("traceparent", id);
        return span;
    }

    private static Task<byte[]> BodyOf(HttpResponseMessage response, CancellationToken ct) =>
        response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0
            ? Empty
            : response.Content.ReadAsByteArrayAsync(ct);

    private static readonly Task<byte[]> Empty = Task.FromResult<byte[]>([]);
}
