using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using Npgsql;

namespace NotificationServer.Notifications;

/// Stores the valid requests of a batch and its answer with one commit. Rows go in by COPY, which costs PostgreSQL and us about
/// half of what arrays cost.
internal sealed class BatchWriter(
    NpgsqlDataSource db, RecipientReader recipients, ProviderRoutes routes, QueueSignal signal, IOptions<IntakeOptions> options) : IDisposable
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
            return await StoreNowAsync(client, batch, CancellationToken.None);
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

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (batch.Key is { } key && await BatchKeys.FindFirstAsync(connection, client, key, ct) is { } first) return first;

        var repeated = await BatchKeys.ReserveEventsAsync(connection, client, decisions, ct);
        for (var i = 0; i < decisions.Count; i++)
            batch.Items[batch.Places[i]] = repeated.GetValueOrDefault(decisions[i].Id, new BatchItem(IntakeStatus.Accepted, decisions[i].Id, []));
        var accepted = repeated.Count == 0 ? decisions : decisions.FindAll(decision => !repeated.ContainsKey(decision.Id));
        await InsertAsync(connection, accepted, ct);
        if (batch.Key is { } answered) await BatchKeys.AnswerAsync(connection, client, answered, batch.Items, ct);
        // Dies the process before this line, nothing was accepted; after it, everything was. The answer leaves only after.
        await transaction.CommitAsync(ct);

        signal.Tell(IntakeWriter.ChannelsOf(accepted));
        return new BatchResult(IntakeStatus.Accepted, batch.Items);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, List<Decision> decisions, CancellationToken ct)
    {
        if (decisions.Count == 0) return;
        await NotificationCopy.WriteAsync(connection, decisions, ct);
        var messages = new List<NewMessage>(decisions.Count);
        foreach (var decision in decisions) messages.AddRange(decision.Messages);
        await MessageCopy.WriteAsync(connection, messages, ct);
    }
}
