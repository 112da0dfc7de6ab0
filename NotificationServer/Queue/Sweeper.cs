using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Queue;

/// A chore that every node does a little of, safe to be done by all of them at once.
internal interface ISweep
{
    /// Whether it takes a lease that ran out for a sign that its owner is gone.
    bool JudgesLeases => false;

    /// One bounded batch; true when it was full, so that there may be more.
    Task<bool> RunOnceAsync(CancellationToken ct);
}

/// Paces the sweeps. No leader: SKIP LOCKED shares the rows out, so there is nothing to elect and nothing to lose.
internal sealed class Sweeper(
    IEnumerable<ISweep> sweeps, Patience patience, RetryDelay random, IOptions<QueueOptions> options, TimeProvider clock, ILogger<Sweeper> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                foreach (var sweep in sweeps) await RunAsync(sweep, stoppingToken);
                var pace = options.Value.Sweep;
                await Task.Delay(random.Between(pace * 0.7, pace * 1.3), clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task RunAsync(ISweep sweep, CancellationToken ct)
    {
        try
        {
            // Full batches follow each other at once: after the loss of a node there may be many.
            while ((!sweep.JudgesLeases || await patience.IsOverAsync(ct)) && await sweep.RunOnceAsync(ct))
            {
            }
        }
        catch (NpgsqlException e)
        {
            if (sweep.JudgesLeases) patience.BeginAgain();
            Log.SweepFailed(log, sweep.GetType().Name, e);
        }
    }
}
