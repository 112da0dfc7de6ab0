using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace NotificationServer.Tests.Channels;

internal sealed record VendorAnswer(int Status, string Body = "", IReadOnlyDictionary<string, string>? Headers = null);

internal sealed record RecordedRequest(string Protocol, string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public byte[] Bytes { get; init; } = [];
    public JsonNode Json => JsonNode.Parse(Body)!;
    public IReadOnlyDictionary<string, string> Form => QueryHelpers.ParseQuery(Body).ToDictionary(f => f.Key, f => f.Value.ToString());
}

/// A vendor's side of the wire: a real server with TLS on loopback, which keeps what it was asked and answers as told.
internal sealed class VendorServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<RecordedRequest> requests = new();

    private VendorServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());
    public IReadOnlyList<RecordedRequest> Requests => [.. requests];
    public Func<RecordedRequest, VendorAnswer> Answer { get; set; } = _ => new VendorAnswer(200);
    /// Takes the place of <see cref="Answer"/>: for servers that misbehave.
    public Func<HttpContext, Task>? Misbehave { get; set; }
    /// The same for some requests only.
    public Func<RecordedRequest, Func<HttpContext, Task>?>? MisbehaveAt { get; set; }

    public static Task<VendorServer> StartHttp1Async() => StartAsync(HttpProtocols.Http1, TestRoot.ServerCertificate);
    public static Task<VendorServer> StartHttp2Async() => StartAsync(HttpProtocols.Http2, TestRoot.ServerCertificate);

    public static async Task<VendorServer> StartAsync(HttpProtocols protocols, X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(certificate);
        }));
        var server = new VendorServer(builder.Build());
        server.app.Run(server.HandleAsync);
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new RecordedRequest(
            context.Request.Protocol, context.Request.Method, context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
            Encoding.UTF8.GetString(body.ToArray())) { Bytes = body.ToArray() };
        requests.Enqueue(request);
        if ((Misbehave ?? MisbehaveAt?.Invoke(request)) is { } misbehave)
        {
            await misbehave(context);
            return;
        }

        var answer = Answer(request);
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers ?? new Dictionary<string, string>()) context.Response.Headers[name] = value;
        if (answer.Body.Length > 0) await context.Response.WriteAsync(answer.Body);
    }
}
