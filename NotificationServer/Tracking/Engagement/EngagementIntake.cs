using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Tracking.Engagement;

/// Takes down opens and clicks without keeping whoever did them waiting: they are held in memory and written together. Dies the process,
/// what it held is not counted: at most the last <see cref="EngagementOptions.Burst"/> of clicks and <see cref="EngagementOptions.Every"/> of opens. When the
/// database is away they wait, up to a bound; what is beyond it is counted as not counted.
internal sealed class EngagementIntake(
    NpgsqlDataSource db, EngagementWriter writer, IOptions<EngagementOptions> options, TimeProvider clock, ILogger<EngagementIntake> log) : BackgroundService
{
    private readonly Channel<Sign> coming = Channel.CreateBounded<Sign>(new BoundedChannelOptions(options.Value.Waiting) { SingleReader = true });
    private List<Sign> held = [];
    private long dropped;
    private long told;

    /// Since the node started.
    public long Dropped => Interlocked.Read(ref dropped);

    public void Take(Sign sign)
    {
        if (!coming.Writer.TryWrite(sign)) Interlocked.Increment(ref dropped);
    }

    /// One turn: what is due is written. All: also what could still turn out to be part of a burst.
    public async Task RunOnceAsync(bool all, CancellationToken ct)
    {
        while (held.Count < options.Value.Waiting && coming.Reader.TryRead(out var sign)) held.Add(sign);
        if (held.Count == 0) return;
        held = Bursts.Judge(held, options.Value.Burst);
        var due = clock.GetUtcNow() - options.Value.Burst;
        foreach (var batch in held.Where(sign => all || sign.Kind != EngagementKind.Clicked || sign.At <= due).Chunk(options.Value.Batch).ToList())
        {
            await WriteAsync(batch, ct);
            var written = new HashSet<Sign>(batch, ReferenceEqualityComparer.Instance);
            held.RemoveAll(written.Contains);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        coming.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is { } loop) await loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StepAsync(all: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (held.Count > 0 || await coming.Reader.WaitToReadAsync(stoppingToken))
            {
                await StepAsync(all: false, stoppingToken);
                await Task.Delay(options.Value.Every, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is held is written by whoever stops this.
        }
    }

    private async Task StepAsync(bool all, CancellationToken ct)
    {
        try
        {
            await RunOnceAsync(all, ct);
        }
        catch (NpgsqlException e)
        {
            Log.SignsNotWritten(log, held.Count, e);
        }
        if (Dropped - told is > 0 and var more)
        {
            told += more;
            Log.SignsDropped(log, more);
        }
    }

    private async Task WriteAsync(Sign[] batch, CancellationToken ct)
    {
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            await writer.WriteAsync(connection, batch, channel: null, ct);
        }
        catch (PostgresException e) when (e.SqlState[..2] is "22" or "23")
        {
            // One of them cannot be stored, now or ever: it must not hold up the others.
            if (batch.Length == 1) Log.SignsRefused(log, e);
            else
            {
                foreach (var one in batch) await WriteAsync([one], ct);
            }
        }
    }
}
