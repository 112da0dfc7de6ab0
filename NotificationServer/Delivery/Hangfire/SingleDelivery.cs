using NotificationServer.Delivery.Gates;
using NotificationServer.Queue;
using NotificationServer.Queue.Hangfire;
using Npgsql;

namespace NotificationServer.Delivery.Hangfire;

/// The way of one message, by the same parts as the channel workers of the server's own engine: brief, gate, sender, recorder.
internal sealed class SingleDelivery(
    HeldJobs held, BriefReader briefs, Gate gate, ProviderGates gates, Sender sender, Recorder recorder, Hold hold, Verdict verdict, ILogger<SingleDelivery> log) : IDelivery
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    public Openness Ask(string channel)
    {
        if (!hold.MayClaim(channel)) return new Openness(Hold.Look, One: false);
        var admission = gates.AskChannel(channel);
        return admission.Kind switch
        {
            AdmissionKind.Open => new Openness(null, One: false),
            AdmissionKind.Probe => new Openness(null, One: true),
            AdmissionKind.Closed => new Openness(admission.Wait < Hold.Look ? admission.Wait : Hold.Look, One: false),
        };
    }

    public async Task RunAsync(Job job)
    {
        held.Add(job);
        // Not by way of the recorder's queue: Hangfire is told what the row says, so the row must say it first.
        await recorder.WriteAsync([await AttemptAsync(job)]);
    }

    private async Task<JobResult> AttemptAsync(Job job)
    {
        try
        {
            var batch = await briefs.ReadAsync([job], CancellationToken.None);
            return await sender.SendAsync(batch[0], await gate.ReadAsync(batch, CancellationToken.None), CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            // If a person's wishes cannot be read, nothing is sent: the job goes back.
            Log.QueueUnavailable(log, job.Channel, e);
            return new JobResult { Job = job, Delay = AfterTrouble };
        }
#pragma warning disable CA1031 // The job boundary: a defect in one message's way must not lose the message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.AttemptBroke(log, job.Id, e);
            return verdict.Broke(job, e);
        }
    }
}
