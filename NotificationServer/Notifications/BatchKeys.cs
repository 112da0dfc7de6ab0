using System.Net;
using Dapper;
using Npgsql;

namespace NotificationServer.Notifications;

/// The keys of a batch within its transaction: one idempotency key for the whole call, and the items' event ids. As with single
/// requests the unique indexes are the lock, and keys are asked for before events.
internal static class BatchKeys
{
    /// The answer that this key has been given already; null: the key is ours now.
    public static async Task<BatchResult?> FindFirstAsync(NpgsqlConnection connection, Guid client, BatchKey key, CancellationToken ct)
    {
        var parameters = new { client, key = key.Value, hash = key.Hash, status = (short)HttpStatusCode.Accepted };
        StoredKey? first = null;
        // Again, if the one that was there was old and forgotten between the two.
        while (first is null)
        {
            if (await connection.ExecuteAsync(new CommandDefinition(Sql.ReserveKey, parameters, cancellationToken: ct)) == 1) return null;
            first = await connection.QuerySingleOrDefaultAsync<StoredKey>(new CommandDefinition(IntakeKeys.Sql.FindKey, parameters, cancellationToken: ct));
        }
        return first.RequestHash.AsSpan().SequenceEqual(key.Hash)
            ? new BatchResult(IntakeStatus.Replayed, []) { StoredAnswer = first.Response, StoredStatus = first.Status }
            : new BatchResult(IntakeStatus.IdempotencyMismatch, []);
    }

    /// What the items are answered whose event id was taken, by an earlier call or by an earlier item of this one; by decision.
    public static async Task<IReadOnlyDictionary<Guid, BatchItem>> ReserveEventsAsync(
        NpgsqlConnection connection, Guid client, List<Decision> decisions, CancellationToken ct)
    {
        var asked = IntakeKeys.InOrder(decisions);
        var answers = new Dictionary<Guid, BatchItem>();
        if (asked.Count == 0) return answers;

        var won = (await connection.QueryAsync<Guid>(new CommandDefinition(IntakeKeys.Sql.ReserveEvents, new
        {
            clients = asked.ConvertAll(_ => client),
            events = asked.ConvertAll(d => d.Prepared.Request.EventId),
            hashes = asked.ConvertAll(d => d.Prepared.Hash),
            ids = asked.ConvertAll(d => d.Id),
        }, cancellationToken: ct))).ToHashSet();
        if (won.Count == asked.Count) return answers;

        var lost = asked.FindAll(decision => !won.Contains(decision.Id));
        var first = (await connection.QueryAsync<StoredEvent>(new CommandDefinition(Sql.FindEvents, new
        {
            client,
            events = lost.ConvertAll(d => d.Prepared.Request.EventId),
        }, cancellationToken: ct))).ToDictionary(row => row.EventId, StringComparer.Ordinal);
        var free = new List<Decision>();
        foreach (var decision in lost)
        {
            if (!first.TryGetValue(decision.Prepared.Request.EventId!, out var stored)) // asked for above
            {
                free.Add(decision);
                continue;
            }
            answers[decision.Id] = stored.RequestHash.AsSpan().SequenceEqual(decision.Prepared.Hash)
                ? new BatchItem(IntakeStatus.Deduplicated, stored.NotificationId, [])
                : new BatchItem(IntakeStatus.EventIdReused, Guid.Empty, []);
        }
        // The events that were there were old and forgotten between the two: these items ask once more.
        if (free.Count > 0)
            foreach (var (id, answer) in await ReserveEventsAsync(connection, client, free, ct)) answers[id] = answer;
        return answers;
    }

    public static Task AnswerAsync(NpgsqlConnection connection, Guid client, BatchKey key, IReadOnlyList<BatchItem> items, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Sql.Answer, new { client, key = key.Value, answer = key.Describe(items) }, cancellationToken: ct));

    private sealed record StoredKey(byte[] RequestHash, short Status, string Response);

    private sealed record StoredEvent(string EventId, byte[] RequestHash, Guid NotificationId);

    internal static class Sql
    {
        public const string ReserveKey = """
            insert into idempotency_keys (client_id, key, request_hash, status, response)
            values (@client, @key, @hash, @status, '')
            on conflict do nothing
            """;

        public const string Answer = "update idempotency_keys set response = @answer where client_id = @client and key = @key";

        public const string FindEvents = """
            select event_id, request_hash, notification_id from event_dedup where client_id = @client and event_id = any(@events::text[])
            """;
    }
}
