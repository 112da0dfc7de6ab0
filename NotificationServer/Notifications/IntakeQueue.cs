using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Notifications;

/// Lets concurrent requests share a commit. While a writer waits for the disk, the requests that arrive meanwhile collect
/// and go with the next commit: under load that is several times the throughput of a commit each, at a fraction of the
/// latency; without load nobody waits for anybody.
internal sealed class IntakeQueue(
    IntakeWriter writer, IntakeTraffic traffic, IntakeMetrics metrics, IOptions<IntakeOptions> options, ILogger<IntakeQueue> log) : BackgroundService
{
    private readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(options.Value.Waiting);

    private sealed record Waiting(PreparedRequest Request, TaskCompletionSource<IntakeResult> Answer);

    /// Not cancelled when the caller hangs up: by then the request may be on its way to the disk, and the answer that the
    /// caller will get when it asks again must be the truth.
    public Task<IntakeResult> StoreAsync(PreparedRequest request)
    {
        traffic.Note();
        var answer = new TaskCompletionSource<IntakeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return waiting.Writer.TryWrite(new Waiting(request, answer))
            ? answer.Task
            : Task.FromResult(new IntakeResult(IntakeStatus.QueueFull));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => WriteAsync(stoppingToken)));

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>(options.Value.BatchSize);
        try
        {
            while (await waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                Collect(batch);
                if (batch.Count > 0) await StoreAsync(batch);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The front door closed before this; whoever is still here is told to come back.
            waiting.Writer.TryComplete();
            while (waiting.Reader.TryRead(out var late)) late.Answer.TrySetResult(new IntakeResult(IntakeStatus.QueueFull));
        }
    }

    private void Collect(List<Waiting> batch)
    {
        var recipients = 0;
        while (batch.Count < options.Value.BatchSize && recipients < options.Value.BatchRecipients && waiting.Reader.TryRead(out var next))
        {
            batch.Add(next);
            recipients += next.Request.Request.To.Count;
        }
    }

    private async Task StoreAsync(List<Waiting> batch)
    {
        var mayBeStored = false;
        try
        {
            var began = Stopwatch.GetTimestamp();
            var results = await writer.StoreAsync(batch.ConvertAll(one => one.Request), CancellationToken.None, committing: () => mayBeStored = true);
            metrics.Stored(batch.Count, began);
            for (var i = 0; i < batch.Count; i++) batch[i].Answer.SetResult(results[i]);
        }
        catch (Exception e) when (batch.Count > 1 && !mayBeStored && IsOneRequestsFault(e))
        {
            // Nothing of the batch was stored. One request may be at fault: alone, each fails for itself only.
            Log.BatchSplit(log, batch.Count, (e as PostgresException)?.SqlState ?? e.GetType().Name);
            foreach (var one in batch) await StoreAsync([one]);
        }
#pragma warning disable CA1031 // The boundary of the batch: whatever went wrong is the answer of the requests that wait for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var one in batch) one.Answer.TrySetException(e);
        }
    }

    /// A defect of ours, and what PostgreSQL says of data (22), of constraints (23) and of limits (54). All else (a lock, a restart, a full
    /// disk, a lost connection) meets each request alike, and one by one they would wait for it hundreds of times over.
    private static bool IsOneRequestsFault(Exception e) => e is PostgresException refused
        ? refused.SqlState[..2] is "22" or "23" or "54"
        : e is not (NpgsqlException or OperationCanceledException or TimeoutException);
}
