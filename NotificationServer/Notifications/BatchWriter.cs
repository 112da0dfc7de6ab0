using System.Collections.ObjectModel;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using Npgsql;

namespace NotificationServer.Notifications;

/// Stores the valid requests of a batch and its answer with one commit, past the queue in which single requests gather.
internal sealed class BatchWriter(
    NpgsqlDataSource db, RecipientReader recipients, ProviderRoutes routes, QueueSignal signal, IntakeMetrics metrics, IOptions<IntakeOptions> options) : IDisposable
{
    private readonly SemaphoreSlim writers = new(options.Value.Writers);
    private int waiting;

    /// Places[i] is the place of Valid[i] among Items, which are filled in.
    internal sealed record Batch(BatchItem[] Items, List<PreparedRequest> Valid, List<int> Places, BatchKey? Key);

    /// Not cancelled when the caller hangs up: the answer that it gets when it asks again must be the truth.
    public async Task<BatchResult> StoreAsync(Guid client, Batch batch)
    {
        if (Interlocked.Increment(ref waiting) > options.Value.BatchesWaiting + options.Value.Writers)
        {
            Interlocked.Decrement(ref waiting);
            return new BatchResult(IntakeStatus.QueueFull, []);
        }
        await writers.WaitAsync(CancellationToken.None);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var result = await StoreNowAsync(client, batch, CancellationToken.None);
            metrics.Stored(batch.Valid.Count, began);
            metrics.Answered(result.Items.Select(item => item.Status));
            return result;
        }
        finally
        {
            writers.Release();
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => writers.Dispose();

    private async Task<BatchResult> StoreNowAsync(Guid client, Batch batch, CancellationToken ct)
    {
        var decisions = Decision.OfAll(batch.Valid, await KnownTo.ReadAsync(recipients, batch.Valid, ct), routes);
        try
        {
            return await StoreAsync(client, batch, decisions, repeats: false, ct);
        }
        catch (PostgresException e) when (IntakeKeys.IsRepeat(e))
        {
            return await StoreAsync(client, batch, decisions, repeats: true, ct);
        }
    }

    /// Repeats: some of the events may be known already.
    private async Task<BatchResult> StoreAsync(Guid client, Batch batch, List<Decision> decisions, bool repeats, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (batch.Key is { } key && await BatchKeys.FindFirstAsync(connection, client, key, ct) is { } first) return first;

        IReadOnlyDictionary<Guid, BatchItem> repeated = repeats
            ? await BatchKeys.ReserveEventsAsync(connection, client, decisions, ct)
            : ReadOnlyDictionary<Guid, BatchItem>.Empty;
        for (var i = 0; i < decisions.Count; i++)
            batch.Items[batch.Places[i]] = repeated.GetValueOrDefault(decisions[i].Id, new BatchItem(IntakeStatus.Accepted, decisions[i].Id, []));
        var accepted = repeated.Count == 0 ? decisions : decisions.FindAll(decision => !repeated.ContainsKey(decision.Id));
        await IntakeWriter.InsertAsync(connection, accepted, withEvents: !repeats, ct);
        if (batch.Key is { } answered) await BatchKeys.AnswerAsync(connection, client, answered, batch.Items, ct);
        // Dies the process before this line, nothing was accepted; after it, everything was. The answer leaves only after.
        await transaction.CommitAsync(ct);

        signal.Tell(IntakeWriter.QueuesOf(accepted));
        return new BatchResult(IntakeStatus.Accepted, batch.Items);
    }
}
