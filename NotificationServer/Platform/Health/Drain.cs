using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace NotificationServer.Platform.Health;

/// How a node leaves a load balancer without a caller noticing: told to stop, it is red at once but goes on answering until those in front of
/// it have had the time to look. Meanwhile its workers have stopped claiming, and what they send comes to its end.
internal sealed class Drain(IOptions<HealthOptions> options, NodeRoles roles, IHostApplicationLifetime lifetime, IHostEnvironment environment, TimeProvider clock, ILogger<Drain> log)
    : IHostedLifecycleService, IStartupFilter
{
    /// Of this node: where nobody calls, nobody has to be waited for.
    public TimeSpan Delay { get; } = roles.Has(NodeRole.Api) || roles.Has(NodeRole.Admin) ? options.Value.DrainDelayIn(environment) : TimeSpan.Zero;

    /// Before anything is stopped.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Stopped by a signal it is so already; stopped by its program it is not, and would stay green.
        lifetime.StopApplication();
        if (Delay == TimeSpan.Zero) return;
        Log.Draining(log, Delay);
        // Whoever signals once more does not want to wait.
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hurry);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hurry);
        await Task.WhenAny(Task.Delay(Delay, clock, cancellationToken), enough.Task);

        void Hurry(PosixSignalContext signal)
        {
            signal.Cancel = true;
            enough.TrySetResult();
        }
    }

    /// A connection that is kept alive would lead a caller back here after the load balancer has gone elsewhere: each answer from now on is its
    /// connection's last. Over HTTP/2 Kestrel says so by itself when it stops.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(follow => http =>
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested && HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
            return follow(http);
        });
        next(app);
    };

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
