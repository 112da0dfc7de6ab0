using Microsoft.Extensions.Options;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Watch;

/// Looks again and again whether something is wrong. Of several nodes one looks at a time; each that gives out figures reads them for itself.
internal sealed class Watcher(
    FleetReader reader, FleetMetrics metrics, RuleBook rules, AlertBoard board, Teller teller, MetricBook book, NodeIdentity node, IOptions<AlertsOptions> options,
    IOptions<TelemetryOptions> telemetry, TimeProvider clock, ILogger<Watcher> log) : BackgroundService
{
    private long? awaySince;
    private bool isAwayTold;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(LoopAsync(LookAsync, options.Value.Every, stoppingToken), LoopAsync(TellAsync, options.Value.TellEvery, stoppingToken));

    private async Task LoopAsync(Func<CancellationToken, Task> step, TimeSpan every, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await StepAsync(step, ct);
                await Task.Delay(every, clock, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping: another node looks.
        }
    }

    private async Task StepAsync(Func<CancellationToken, Task> step, CancellationToken ct)
    {
        try
        {
            await step(ct);
        }
#pragma warning disable CA1031 // The boundary of the watch: let out, a defect here would stop the host, and with it every channel.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.Broke(log, e);
        }
    }

    internal async Task LookAsync(CancellationToken ct)
    {
        if (await TakeTurnAsync(ct) is not { } isOurTurn) return;
        try
        {
            if (!isOurTurn && !book.IsBegun && telemetry.Value.OtlpEndpoint is null) return;
            var fleet = await reader.ReadAsync(ct);
            metrics.Show(fleet);
            if (isOurTurn) await JudgeAsync(fleet, ct);
        }
        catch (NpgsqlException e)
        {
            // It answers, so that this is no outage: a statement that took too long, or a defect.
            Log.NotLooked(log, e);
        }
    }

    /// Null: the database does not answer. Only this says so, since it is the smallest thing that anybody asks of it.
    private async Task<bool?> TakeTurnAsync(CancellationToken ct)
    {
        try
        {
            // A little early, so that one node alone does not miss every second turn by a hair.
            var isOurTurn = await board.TakeTurnAsync(options.Value.Every * 0.8, ct);
            await BackAsync();
            return isOurTurn;
        }
        catch (NpgsqlException e)
        {
            Log.NotLooked(log, e);
            await AwayAsync();
            return null;
        }
    }

    private async Task JudgeAsync(Fleet fleet, CancellationToken ct)
    {
        var set = await rules.ReadAsync(ct);
        var (raised, cleared) = await board.NoteAsync(Findings.Of(fleet, set), set, options.Value.ClearAfter, ct);
        if (raised + cleared > 0) Log.Changed(log, raised, cleared);
    }

    private async Task TellAsync(CancellationToken ct)
    {
        try
        {
            await teller.RunOnceAsync(ct);
        }
        catch (NpgsqlException e)
        {
            Log.NotTold(log, e);
        }
    }

    /// An alert about the database cannot be kept in it.
    private async Task AwayAsync()
    {
        awaySince ??= clock.GetTimestamp();
        var time = clock.GetElapsedTime(awaySince.Value);
        if (isAwayTold || time < options.Value.DatabaseAwayFor) return;
        isAwayTold = true;
        Log.DatabaseAway(log, time, teller.Channels.Count);
        await teller.ShoutAsync(AlertText.DatabaseAway(node.Name, time));
    }

    private async Task BackAsync()
    {
        if (awaySince is not { } since) return;
        awaySince = null;
        if (!isAwayTold) return;
        isAwayTold = false;
        await teller.ShoutAsync(AlertText.DatabaseBack(node.Name, clock.GetElapsedTime(since)));
    }
}
