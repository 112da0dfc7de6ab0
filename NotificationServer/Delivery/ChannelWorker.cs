using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery;

/// Works one channel's queue: claims what it can start, starts it, and waits to be woken.
internal sealed class ChannelWorker(
    string channel, JobClaims claims, BriefReader briefs, Gate gate, Sender sender, Recorder recorder, Wakeups wakeups,
    IOptions<DeliveryOptions> delivery, IOptions<QueueOptions> queue, RetryDelay random, ILogger<ChannelWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan WhenSaturated = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    private readonly Slots slots = new(delivery.Value.Slots);
    private readonly string loop = $"{channel}_loop";
    private readonly int worthAClaim = Math.Max(1, delivery.Value.Slots / 4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true) await wakeups.WaitAsync(channel, await StepAsync(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping means: claim nothing more, and let what is under way come to its end.
            await slots.DrainAsync();
        }
    }

    /// One turn: claim what fits, start it, say how long to wait at most.
    internal async Task<TimeSpan> StepAsync(CancellationToken ct)
    {
        try
        {
            FailPoints.Pass(loop);
            var limits = slots.Limits();
            // Not cancellable: a claim given up half way may have been granted, and nobody would know until its lease ran out.
            var jobs = await claims.ClaimAsync(channel, limits, CancellationToken.None);
            if (ct.IsCancellationRequested)
            {
                await claims.ReleaseAsync(jobs, CancellationToken.None);
                return TimeSpan.Zero;
            }
            if (jobs.Count == 0 && limits.Bulk > 0) return random.Between(queue.Value.Poll * 0.8, queue.Value.Poll * 1.2);
            if (jobs.Count > 0) FailPoints.Pass("after_claim_commit");
            if (jobs.Count > 0) await StartAsync(jobs);
            // There may be more: as soon as a good part of the slots is free again, or after a moment.
            return WhenSaturated;
        }
        catch (NpgsqlException e)
        {
            Log.QueueUnavailable(log, channel, e);
            return random.Between(AfterTrouble * 0.5, AfterTrouble * 1.5);
        }
    }

    private async Task StartAsync(IReadOnlyList<Job> jobs)
    {
        IReadOnlyList<Brief> batch;
        Gate.Reading reading;
        try
        {
            batch = await briefs.ReadAsync(jobs, CancellationToken.None);
            reading = await gate.ReadAsync(batch, CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            // If a person's wishes cannot be read, nothing is sent: the jobs go back.
            Log.QueueUnavailable(log, channel, e);
            foreach (var job in jobs) await recorder.RecordAsync(new JobResult { Job = job, Delay = AfterTrouble });
            return;
        }
        foreach (var brief in batch)
        {
            slots.Take(brief.Job.Lane);
            _ = RunAsync(brief, reading);
        }
    }

    private async Task RunAsync(Brief brief, Gate.Reading reading)
    {
        // Leaves the claiming loop at once, however much of the send runs synchronously.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await recorder.RecordAsync(await AttemptAsync(brief, reading));
        }
        finally
        {
            if (slots.Release(brief.Job.Lane) >= worthAClaim) wakeups.Wake(channel);
        }
    }

    private async Task<JobResult> AttemptAsync(Brief brief, Gate.Reading reading)
    {
        try
        {
            return await sender.SendAsync(brief, reading, CancellationToken.None);
        }
#pragma warning disable CA1031 // The job boundary: a defect in one message's way must not take the channel down, nor lose the message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.AttemptBroke(log, brief.Job.Id, e);
            return new JobResult { Job = brief.Job, Delay = random.For(brief.Job.Lane, brief.Job.Failures + 1), Counts = true };
        }
    }
}
