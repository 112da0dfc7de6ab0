using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery;

/// Starts the claimed jobs of one channel and brings each to its result.
internal sealed class Departures(
    string channel, Slots slots, HeldJobs held, BriefReader briefs, Gate gate, Sender sender, Recorder recorder, SendMetrics metrics, Hold hold, RightOfWay way,
    Verdict verdict, ILogger<Departures> log)
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);
    // So many sends begin before other work of the node has its turn: a campaign's hundreds must not stand before a sign-in code at the processor.
    private const int AtATime = 8;

    /// Called after each send, when its slot is free again.
    public Action Ended { get; set; } = () => { };

    public async Task StartAsync(IReadOnlyList<Job> jobs)
    {
        foreach (var job in jobs)
        {
            slots.Take(job.Lane);
            held.Add(job);
            metrics.Taken(job);
        }
        var (going, kept) = (new List<Brief>(jobs.Count), new List<JobResult>());
        Gate.Reading? reading = null;
        try
        {
            using var turn = jobs[0].Lane == Lane.Critical ? default : await way.TurnAsync();
            // What is held goes back before anybody's wishes are asked for it: that would use up what they may be told.
            foreach (var brief in await briefs.ReadAsync(jobs, CancellationToken.None))
            {
                if (hold.OfCampaign(brief) is { } back) kept.Add(back);
                else going.Add(brief);
            }
            if (going.Count > 0) reading = await gate.ReadAsync(going, CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            // If a person's wishes cannot be read, nothing is sent: the jobs go back.
            Log.QueueUnavailable(log, channel, e);
            foreach (var job in jobs) await RecordAsync(new JobResult { Job = job, Delay = AfterTrouble });
            return;
        }
#pragma warning disable CA1031 // These jobs are claimed: if nobody gave them back, their leases would be renewed for as long as this node lives.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ClaimBroke(log, channel, jobs.Count, e);
            foreach (var job in jobs)
                await RecordAsync(verdict.Broke(job, e));
            return;
        }
        // Recorded only here, where nothing can go wrong any more for all of them: each gives its slot back once.
        foreach (var result in kept) await RecordAsync(result);
        var begun = 0;
        foreach (var brief in going)
        {
            if (++begun % AtATime == 0) await Task.Yield();
            _ = RunAsync(brief, reading!); // something goes
        }
    }

    private async Task RunAsync(Brief brief, Gate.Reading reading) => await RecordAsync(await AttemptAsync(brief, reading));

    private async Task RecordAsync(JobResult result)
    {
        try
        {
            await recorder.RecordAsync(result);
        }
        finally
        {
            slots.Release(result.Job.Lane);
            Ended();
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
            return verdict.Broke(brief.Job, e);
        }
    }
}
