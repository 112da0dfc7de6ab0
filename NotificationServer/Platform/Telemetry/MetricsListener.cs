using Microsoft.Extensions.Options;

namespace NotificationServer.Platform.Telemetry;

/// `/metrics` on a port of its own, apart from everything else: it can be kept from the outside by a rule about ports, and nothing that meets the
/// server's own requests meets it.
internal sealed class MetricsListener(MetricBook book, MetricsDoor door, IOptions<MetricsOptions> options, IHostEnvironment environment) : IHostedService, IAsyncDisposable, IDisposable
{
    private const int MostConnections = 50;

    private WebApplication? app;

    /// Where it is listened; null: nowhere.
    public Uri? Address => app?.Urls.FirstOrDefault() is { } url ? new Uri(url.Replace("[::]", "127.0.0.1", StringComparison.Ordinal)) : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsWanted) book.Begin();
        if (options.Value.Port is not { } port) return;
        // Empty: what is configured for the server (its addresses, its certificate) is not this one's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            if (environment.IsDevelopment()) kestrel.Listen(System.Net.IPAddress.Loopback, port);
            else kestrel.ListenAnyIP(port);
        });
        app = builder.Build();
        app.Run(http =>
        {
            if (http.Request.Path == MetricsDoor.Path) return door.AnswerAsync(http, isOwnPort: true);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => (app as IDisposable)?.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
    }
}
