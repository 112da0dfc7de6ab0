using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery;

/// Extends the leases of everything that this node still works on, with one statement a beat on a connection of its own, so
/// that no crowd at the pool can make it late. What does not come back was taken from us: it is not started any more, and if
/// its call is under way, the result is fenced like any other.
internal sealed class LeaseKeeper(HeldJobs jobs, JobClaims claims, NpgsqlDataSource db, IOptions<QueueOptions> options, TimeProvider clock, ILogger<LeaseKeeper> log)
    : BackgroundService
{
    private NpgsqlConnection? own;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Stopped after the workers: while they wait for their last sends, the leases are kept.
            using var beat = new PeriodicTimer(options.Value.Lease / 4, clock);
            while (await beat.WaitForNextTickAsync(stoppingToken))
                // After a missed beat it looks often: the leases have lost a quarter of their time already.
                beat.Period = options.Value.Lease / (await BeatSafelyAsync(stoppingToken) ? 4 : 40);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            if (own is not null) await own.DisposeAsync();
        }
    }

    /// How many were lost.
    internal async Task<int> BeatAsync(CancellationToken ct)
    {
        // The young ones can wait for the next beat: it comes long before they are in danger, and most have ended by then.
        var due = jobs.All.Where(held => Stopwatch.GetElapsedTime(held.LeasedFrom) > options.Value.Lease / 5).Select(held => held.Job).ToList();
        if (due.Count == 0) return 0;
        var started = Stopwatch.GetTimestamp();
        own ??= await db.OpenConnectionAsync(ct);
        var kept = await claims.RenewAsync(own, due, ct);
        foreach (var job in due)
        {
            if (kept.Contains(job.Id)) jobs.Renewed(job, started);
            else jobs.Remove(job);
        }
        return due.Count - kept.Count;
    }

    private async Task<bool> BeatSafelyAsync(CancellationToken ct)
    {
        try
        {
            var lost = await BeatAsync(ct);
            if (lost > 0) Log.LeasesGone(log, lost);
            return true;
        }
        catch (NpgsqlException e)
        {
            // What must not outlive its lease is stopped by the guard, on our own clock.
            Log.LeasesNotRenewed(log, e);
            if (own is not null) await own.DisposeAsync();
            own = null;
            return false;
        }
    }
}
