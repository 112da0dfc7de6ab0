using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Delivery;

/// Writes results as they come, each channel's as many as have come at a time: while one commit is under way the next gathers. When the
/// database is away it keeps trying: an outcome that a provider gave is worth more than the memory it takes, and the bound of what may
/// wait holds the workers back meanwhile.
internal sealed class Recorder(JobResults results, Repeats repeats, SendMetrics metrics, HeldJobs held, RightOfWay way, IOptions<DeliveryOptions> options, TimeProvider clock, ILogger<Recorder> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, Channel<JobResult>> waiting = ChannelNames.All.ToDictionary(
        channel => channel.Name(),
        _ => System.Threading.Channels.Channel.CreateBounded<JobResult>(new BoundedChannelOptions(2 * options.Value.ResultBatch) { SingleReader = true }),
        StringComparer.Ordinal);

    public ValueTask RecordAsync(JobResult result) => waiting[result.Job.Channel].Writer.WriteAsync(result, CancellationToken.None);

    /// Stopped after the workers: what they handed over is written before the process ends.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var channel in waiting.Values) channel.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is { } loop) await loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A defect in one is let out at once and stops the node, whose work others then take over: results that nobody writes would
        // keep their leases for as long as it lives.
        await foreach (var ended in Task.WhenEach(waiting.Values.Select(WriteAllAsync))) await ended;
    }

    /// Not ended by the stopping token: it ends when the channel is complete and empty.
    private async Task WriteAllAsync(Channel<JobResult> channel)
    {
        var batch = new List<JobResult>(options.Value.ResultBatch);
        while (await channel.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < options.Value.ResultBatch && channel.Reader.TryRead(out var result)) batch.Add(result);
            await WriteAsync(batch);
            batch.Clear();
        }
    }

    internal async Task WriteAsync(List<JobResult> batch)
    {
        while (true)
        {
            try
            {
                FailPoints.Pass("after_reply_before_commit");
                // A commit whose answer was lost is repeated safely: the attempt is there already, the job is gone or moved on.
                JobResults.Written written;
                using (await way.TurnAsync()) written = await results.WriteAsync(batch, CancellationToken.None);
                var lost = batch.Count - written.Ended - written.Repeated;
                if (lost > 0) Log.LeasesLost(log, lost);
                foreach (var result in batch) held.Remove(result.Job);
                metrics.Written(batch, lost);
                await CountRepeatsAsync(batch, lost > 0);
                return;
            }
            catch (Exception e) when (IsPoison(e))
            {
                // What a provider said cannot be stored, now or ever: it must not hold up the other results of this node.
                await WriteOneByOneAsync(batch, e);
                return;
            }
            catch (NpgsqlException e)
            {
                Log.RecordingFailed(log, batch.Count, e);
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }
    }

    /// Values that no column takes, that an index has no room for, or that the line to the database has no bytes for.
    private static bool IsPoison(Exception e) => e switch
    {
        PostgresException refused => refused.SqlState[..2] is "22" or "23" or "54",
        EncoderFallbackException => true,
        NpgsqlException { InnerException: EncoderFallbackException } => true,
        _ => false,
    };

    /// Nothing but a figure: it is on no message's way but those that an outage had a hand in.
    private async Task CountRepeatsAsync(List<JobResult> batch, bool anyLost)
    {
        List<Guid>? suspects = null;
        var afterUnknown = 0;
        foreach (var result in batch)
        {
            if (result.End != MessageStatus.Sent) continue;
            if (result.Job.Unknowns > 0) afterUnknown++;
            if (result.Job.Unknowns > 0 || anyLost) (suspects ??= []).Add(result.Job.Id);
        }
        if (afterUnknown > 0) metrics.SentAfterUnknown(afterUnknown);
        if (suspects is null) return;
        try
        {
            if (await repeats.CountAsync(suspects, CancellationToken.None) is > 0 and var twice) metrics.SentTwice(twice);
        }
        catch (NpgsqlException e)
        {
            Log.RepeatsUncounted(log, e);
        }
    }

    private async Task WriteOneByOneAsync(List<JobResult> batch, Exception refused)
    {
        if (batch is [var poison])
        {
            // Its lease runs out now, the rescuer writes "unknown", and a message that does this again and again is quarantined.
            Log.ResultRefused(log, poison.Job.Id, refused);
            held.Remove(poison.Job);
            return;
        }
        foreach (var one in batch) await WriteAsync([one]);
    }
}
