using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery;

/// Works one channel's queue: claims what it can start, starts it, and waits to be woken.
internal sealed class ChannelWorker(
    string channel, JobClaims claims, HeldJobs held, BriefReader briefs, Gate gate, ProviderGates gates, Sender sender, Recorder recorder,
    Wakeups wakeups, Hold hold, NodeLoad load, IOptions<DeliveryOptions> delivery, IOptions<QueueOptions> queue, RetryDelay random, IHostApplicationLifetime life,
    ILogger<ChannelWorker> log)
    : BackgroundService
{
    private static readonly Lane[] Lanes = [Lane.Critical, Lane.Transactional, Lane.Bulk];
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    private readonly Slots slots = new(delivery.Value.SlotsOf(ChannelNames.Parse(channel)));
    // Below this much room for a single lane a claim costs more than it brings.
    private readonly int worthAClaim = Math.Max(1, delivery.Value.SlotsOf(ChannelNames.Parse(channel)) / 8);
    private readonly string loop = $"{channel}_loop";
    private long claimedAt;
    // The last claim was cut short by the room there was: room is worth being told of.
    private volatile bool isHungry;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Every channel stops claiming when the stop begins, not when its turn comes: else the last one would still be
        // starting sends while the first has used up the time.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        load.Report(channel, () => new NodeLoad.Channel(slots.InUse, slots.Total));
        try
        {
            var woken = Woken.Nothing;
            while (true) woken = await wakeups.WaitAsync(channel, await TurnAsync(woken, stop.Token), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping means: claim nothing more, and let what is under way come to its end.
            await slots.DrainAsync();
        }
    }

    private async Task<TimeSpan> TurnAsync(Woken woken, CancellationToken ct)
    {
        try
        {
            return await StepAsync(woken, ct);
        }
#pragma warning disable CA1031 // The boundary of the channel: let out, a defect of one would stop the host, and with it every other channel.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.LoopBroke(log, channel, e);
            return random.Between(AfterTrouble * 0.5, AfterTrouble * 1.5);
        }
    }

    /// One turn: claim what fits if that is worth it now, start it, say how long to wait at most.
    internal async Task<TimeSpan> StepAsync(Woken woken, CancellationToken ct)
    {
        FailPoints.Pass(loop);
        if (!hold.MayClaim(channel)) return Hold.Look;
        var admission = gates.AskChannel(channel);
        if (admission.Kind == AdmissionKind.Closed) return Sooner(admission.Wait, Poll());
        var limits = slots.Limits().AtMost(admission.Most);
        try
        {
            if (IsWorthAClaim(woken, limits) && !await ClaimAsync(limits, ct)) return Poll();
        }
        catch (NpgsqlException e)
        {
            Log.QueueUnavailable(log, channel, e);
            return random.Between(AfterTrouble * 0.5, AfterTrouble * 1.5);
        }
        // Looked at after the hunger was noted: room made before that woke nobody.
        return isHungry && admission.Kind == AdmissionKind.Open && slots.Limits().Most >= worthAClaim ? TimeSpan.Zero : Poll();
    }

    private bool IsWorthAClaim(Woken woken, LaneLimits limits)
    {
        if (limits.Most == 0) return Starve();
        if (limits.Most >= worthAClaim && (woken != Woken.Room || isHungry)) return true;
        if (woken == Woken.Nothing || Stopwatch.GetElapsedTime(claimedAt) > queue.Value.Poll) return true;
        var lanes = ((woken & Woken.Critical) != 0 && limits.Critical > 0) || ((woken & Woken.Transactional) != 0 && limits.Transactional > 0)
            || ((woken & Woken.Bulk) != 0 && limits.Bulk > 0);
        return lanes || Starve();
    }

    private bool Starve()
    {
        isHungry = true;
        return false;
    }

    /// Whether there was something, so that there may be more.
    private async Task<bool> ClaimAsync(LaneLimits limits, CancellationToken ct)
    {
        claimedAt = Stopwatch.GetTimestamp();
        // Not cancellable: a claim given up half way may have been granted, and nobody would know until its lease ran out.
        var jobs = await claims.ClaimAsync(channel, limits, CancellationToken.None);
        if (ct.IsCancellationRequested)
        {
            // Dies the process here, the leases run out and the rescuer gives them back.
            await claims.ReleaseAsync(jobs, CancellationToken.None);
            return false;
        }
        isHungry = jobs.Count >= limits.Free
            || Array.Exists(Lanes, lane => jobs.Count(job => job.Lane == lane) >= limits.Of(lane));
        if (jobs.Count > 0) FailPoints.Pass("after_claim_commit");
        if (jobs.Count > 0) await StartAsync(jobs);
        return jobs.Count > 0;
    }

    private TimeSpan Poll() => random.Between(queue.Value.Poll * 0.8, queue.Value.Poll * 1.2);

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task StartAsync(IReadOnlyList<Job> jobs)
    {
        foreach (var job in jobs) held.Add(job);
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
#pragma warning disable CA1031 // These jobs are claimed: if nobody gave them back, their leases would be renewed for as long as this node lives.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ClaimBroke(log, channel, jobs.Count, e);
            foreach (var job in jobs)
                await recorder.RecordAsync(new JobResult { Job = job, Delay = random.For(job.Lane, job.Failures + 1), Counts = true });
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
            if (slots.Release(brief.Job.Lane) >= worthAClaim && isHungry) wakeups.WakeForRoom(channel);
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
