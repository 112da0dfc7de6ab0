using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// A chore that every node does a little of, safe to be done by all of them at once.
internal interface ISweep
{
    /// Whether it takes a lease that ran out for a sign that its owner is gone.
    bool JudgesLeases => false;

    /// It looks whether it is its turn, and notes by itself when it was.
    bool HasTurns => false;

    /// One bounded batch; true when it was full, so that there may be more.
    Task<bool> RunOnceAsync(CancellationToken ct);

    /// Whosever turn it is: a person asked for it.
    Task<bool> RunNowAsync(CancellationToken ct) => RunOnceAsync(ct);
}

/// Paces the sweeps. No leader: SKIP LOCKED shares the rows out, so there is nothing to elect and nothing to lose.
internal sealed class Sweeper(
    IEnumerable<ISweep> sweeps, Patience patience, RetryDelay random, ChoreBook chores, IOptions<QueueOptions> options, ILogger<Sweeper> log)
    : BackgroundService
{
    private readonly string[] names = [.. sweeps.Select(NameOf)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                foreach (var sweep in sweeps) await RunAsync(sweep, stoppingToken);
                var pace = options.Value.Sweep;
                await chores.WaitAsync(random.Between(pace * 0.7, pace * 1.3), names, stoppingToken);
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
            if (sweep.HasTurns) await (chores.IsAsked(NameOf(sweep)) ? sweep.RunNowAsync(ct) : sweep.RunOnceAsync(ct));
            else if (await MayAsync(sweep, ct)) await chores.RunAsync(NameOf(sweep), options.Value.Sweep, all => ExhaustAsync(sweep, all), ct);
        }
        catch (NpgsqlException e)
        {
            if (sweep.JudgesLeases) patience.BeginAgain();
            Log.SweepFailed(log, NameOf(sweep), e);
        }
        finally
        {
            // A wish that no run took: not now, or it failed before it began.
            chores.PutOff(NameOf(sweep));
        }
    }

    /// Full batches follow each other at once: after the loss of a node there may be many.
    private async Task<bool> ExhaustAsync(ISweep sweep, CancellationToken ct)
    {
        while (await sweep.RunOnceAsync(ct) && await MayAsync(sweep, ct))
        {
        }
        return true;
    }

    private async Task<bool> MayAsync(ISweep sweep, CancellationToken ct) => !sweep.JudgesLeases || await patience.IsOverAsync(ct);

    private static string NameOf(ISweep sweep) => sweep.GetType().Name;
}
