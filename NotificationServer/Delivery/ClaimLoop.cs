using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Delivery.Gates;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery;

/// Claims what a channel can start, has it started, and waits to be woken: either for the critical lane or for the others. A sign-in code
/// so never stands behind the claim of a campaign, which with all that is read for it takes a tenth of a second on a busy machine.
internal sealed class ClaimLoop(
    string channel, bool isExpress, Slots slots, Departures departures, JobClaims claims, ProviderGates gates, Wakeups wakeups, Hold hold, RightOfWay way,
    ClaimPulse pulse, IOptions<QueueOptions> queue, RetryDelay random, ILogger<ClaimLoop> log)
{
    private static readonly Lane[] Lanes = [Lane.Critical, Lane.Transactional, Lane.Bulk];
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    private readonly string loop = $"{channel}_loop";
    private readonly Action beat = pulse.Of(isExpress ? $"{channel} critical" : channel);
    private long claimedAt;
    // The last claim was cut short by the room there was: room is worth being told of.
    private volatile bool isHungry;

    /// Until cancelled, which is the only way out.
    public async Task RunAsync(CancellationToken ct)
    {
        var woken = Woken.Nothing;
        while (true)
        {
            var longest = await TurnAsync(woken, ct);
            woken = isExpress ? await wakeups.WaitForCriticalAsync(channel, longest, ct) : await wakeups.WaitAsync(channel, longest, ct);
        }
    }

    public void RoomWasMade()
    {
        if (!isHungry || Limits().Most < slots.WorthAClaim) return;
        if (isExpress) wakeups.Wake(channel, Lane.Critical);
        else wakeups.WakeForRoom(channel);
    }

    private LaneLimits Limits() => isExpress ? slots.OfCritical() : slots.OfTheOthers();

    private async Task<TimeSpan> TurnAsync(Woken woken, CancellationToken ct)
    {
        try
        {
            var longest = await StepAsync(woken, ct);
            beat();
            return longest;
        }
        catch (NpgsqlException e)
        {
            Log.QueueUnavailable(log, channel, e);
            return random.Between(AfterTrouble * 0.5, AfterTrouble * 1.5);
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
    private async Task<TimeSpan> StepAsync(Woken woken, CancellationToken ct)
    {
        if (!isExpress) FailPoints.Pass(loop);
        if (!hold.MayClaim(channel)) return Hold.Look;
        var admission = gates.AskChannel(channel);
        if (admission.Kind == AdmissionKind.Closed) return Sooner(admission.Wait, Poll());
        var limits = Limits().AtMost(admission.Most);
        if (IsWorthAClaim(woken, limits) && !await ClaimAsync(limits, ct)) return Poll();
        // Looked at after the hunger was noted: room made before that woke nobody.
        return isHungry && admission.Kind == AdmissionKind.Open && Limits().Most >= slots.WorthAClaim ? TimeSpan.Zero : Poll();
    }

    private bool IsWorthAClaim(Woken woken, LaneLimits limits)
    {
        if (limits.Most == 0) return Starve();
        if (limits.Most >= slots.WorthAClaim && (woken != Woken.Room || isHungry)) return true;
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
        IReadOnlyList<Job> jobs;
        using (isExpress ? default : await way.TurnAsync())
            jobs = await claims.ClaimAsync(channel, limits, CancellationToken.None);
        if (ct.IsCancellationRequested)
        {
            // Dies the process here, the leases run out and the rescuer gives them back.
            await claims.ReleaseAsync(jobs, CancellationToken.None);
            return false;
        }
        isHungry = jobs.Count >= limits.Free
            || Array.Exists(Lanes, lane => limits.Of(lane) > 0 && jobs.Count(job => job.Lane == lane) >= limits.Of(lane));
        if (isExpress && jobs.Count > 0) way.CriticalIsComing();
        if (jobs.Count > 0) FailPoints.Pass("after_claim_commit");
        if (jobs.Count > 0) await departures.StartAsync(jobs);
        return jobs.Count > 0;
    }

    private TimeSpan Poll() => random.Between(queue.Value.Poll * 0.8, queue.Value.Poll * 1.2);

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
