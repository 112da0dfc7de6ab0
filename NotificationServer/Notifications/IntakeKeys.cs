using System.Net;
using Dapper;
using Npgsql;

namespace NotificationServer.Notifications;

/// The two keys under which a request is accepted once: the caller's event id (35 days) and the transport's idempotency key
/// (24 hours). The unique indexes are the lock: of any number of equal requests on any number of nodes one wins, the others
/// wait for its commit and then read what it wrote.
internal sealed class IntakeKeys(NpgsqlConnection connection, IReadOnlyList<Decision> decisions)
{
    private readonly HashSet<Guid> lostEvent = [];
    private readonly HashSet<Guid> lostKey = [];

    public bool Won(Decision decision) => !lostEvent.Contains(decision.Id) && !lostKey.Contains(decision.Id);

    public async Task ReserveAsync(bool withEvents, CancellationToken ct)
    {
        // Always keys first, then events, each in order: two batches that want the same ones wait for each other one way round.
        var keyed = decisions.Where(d => d.Prepared.Request.Key is not null)
            .OrderBy(d => d.Prepared.Request.ClientId).ThenBy(d => d.Prepared.Request.Key!.Value, StringComparer.Ordinal).ToList();
        if (keyed.Count > 0)
            lostKey.UnionWith(keyed.Select(d => d.Id).Except(await connection.QueryAsync<Guid>(new CommandDefinition(Sql.ReserveKeys, new
            {
                clients = keyed.ConvertAll(d => d.Prepared.Request.ClientId),
                keys = keyed.ConvertAll(d => d.Prepared.Request.Key!.Value),
                hashes = keyed.ConvertAll(d => d.Prepared.Hash),
                ids = keyed.ConvertAll(d => d.Id),
                answers = keyed.ConvertAll(d => d.Prepared.Request.Key!.Describe(d.ToAccepted())),
            }, cancellationToken: ct))));

        if (!withEvents) return;
        var events = InOrder(decisions.Where(d => !lostKey.Contains(d.Id)));
        if (events.Count > 0)
            lostEvent.UnionWith(events.Select(d => d.Id).Except(await connection.QueryAsync<Guid>(new CommandDefinition(Sql.ReserveEvents, new
            {
                clients = events.ConvertAll(d => d.Prepared.Request.ClientId),
                events = events.ConvertAll(d => d.Prepared.Request.EventId),
                hashes = events.ConvertAll(d => d.Prepared.Hash),
                ids = events.ConvertAll(d => d.Id),
            }, cancellationToken: ct))));
    }

    /// The events of what nobody is expected to have asked for before: whoever did makes the whole transaction fail, see <see cref="IsRepeat"/>.
    /// Nearly always right, and a third cheaper than asking whether each was taken. Null: none has one.
    public static NpgsqlBatchCommand? TakeEvents(List<Decision> decisions)
    {
        var events = InOrder(decisions);
        return events.Count == 0 ? null : new NpgsqlBatchCommand(Sql.TakeEvents)
        {
            Parameters =
            {
                new("clients", events.ConvertAll(d => d.Prepared.Request.ClientId)),
                new("events", events.ConvertAll(d => d.Prepared.Request.EventId)),
                new("hashes", events.ConvertAll(d => d.Prepared.Hash)),
                new("ids", events.ConvertAll(d => d.Id)),
            },
        };
    }

    public static bool IsRepeat(PostgresException e) => e is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "event_dedup" };

    /// In one order everywhere, so that two that want the same ones wait for each other one way round; of equal ones the earlier first.
    internal static List<Decision> InOrder(IEnumerable<Decision> decisions) => decisions.Where(d => d.Prepared.Request.EventId is not null)
        .OrderBy(d => d.Prepared.Request.ClientId).ThenBy(d => d.Prepared.Request.EventId, StringComparer.Ordinal).ToList();

    /// What each request is answered, in their order. Called after the winners are stored, so that a request that repeats one
    /// of the same batch finds it.
    public async Task<IReadOnlyList<IntakeResult>> ResolveAsync(CancellationToken ct)
    {
        var results = new IntakeResult[decisions.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var decision = decisions[i];
            results[i] = lostKey.Contains(decision.Id) ? await ReplayAsync(decision, ct)
                : lostEvent.Contains(decision.Id) ? await DeduplicateAsync(decision, ct)
                : new IntakeResult(IntakeStatus.Accepted) { Notification = decision.ToAccepted() };
        }
        return results;
    }

    private async Task<IntakeResult> ReplayAsync(Decision decision, CancellationToken ct)
    {
        var request = decision.Prepared.Request;
        var first = await connection.QuerySingleOrDefaultAsync<StoredKey>(
            new CommandDefinition(Sql.FindKey, new { client = request.ClientId, key = request.Key!.Value }, cancellationToken: ct));
        // Whoever had the key was refused in this very batch, or it was old and forgotten just now: it says nothing any more, the event may.
        if (first is null) return await OfEventAsync(decision, ct);
        return first.RequestHash.AsSpan().SequenceEqual(decision.Prepared.Hash)
            ? new IntakeResult(IntakeStatus.Replayed) { StoredAnswer = first.Response, StoredStatus = first.Status }
            : new IntakeResult(IntakeStatus.IdempotencyMismatch);
    }

    private async Task<IntakeResult> DeduplicateAsync(Decision decision, CancellationToken ct)
    {
        var request = decision.Prepared.Request;
        var result = await OfEventAsync(decision, ct);
        if (request.Key is { } key)
        {
            // The key was reserved for a notification that is not stored: it gets the answer that is given instead, or is free again.
            await connection.ExecuteAsync(result.Notification is not { } accepted
                ? new CommandDefinition(Sql.FreeKey, new { client = request.ClientId, key = key.Value }, cancellationToken: ct)
                : new CommandDefinition(Sql.AnswerKey, new
                {
                    client = request.ClientId,
                    key = key.Value,
                    notification = accepted.Id,
                    status = (short)HttpStatusCode.OK,
                    answer = key.Describe(accepted),
                }, cancellationToken: ct));
        }
        return result;
    }

    /// What a request that cannot be stored is answered for the sake of its event alone.
    private async Task<IntakeResult> OfEventAsync(Decision decision, CancellationToken ct)
    {
        var request = decision.Prepared.Request;
        var first = request.EventId is null ? null : await connection.QuerySingleOrDefaultAsync<StoredEvent>(
            new CommandDefinition(Sql.FindEvent, new { client = request.ClientId, @event = request.EventId }, cancellationToken: ct));
        // Nothing is in its way any more, but the others are stored already: it is, when it is asked for again.
        if (first is null) return new IntakeResult(IntakeStatus.InProgress);
        return first.RequestHash.AsSpan().SequenceEqual(decision.Prepared.Hash)
            ? new IntakeResult(IntakeStatus.Deduplicated) { Notification = await StoredNotification.ReadAsync(connection, first.NotificationId, request.To.Count, ct) }
            : new IntakeResult(IntakeStatus.EventIdReused);
    }

    private sealed record StoredKey(byte[] RequestHash, short Status, string Response);

    private sealed record StoredEvent(byte[] RequestHash, Guid NotificationId);

    internal static class Sql
    {
        public const string ReserveKeys = """
            insert into idempotency_keys (client_id, key, request_hash, notification_id, status, response)
            select client_id, key, request_hash, notification_id, 202, response
            from unnest(@clients::uuid[], @keys::text[], @hashes::bytea[], @ids::uuid[], @answers::text[])
                as k(client_id, key, request_hash, notification_id, response)
            on conflict do nothing
            returning notification_id
            """;

        public const string TakeEvents = """
            insert into event_dedup (client_id, event_id, request_hash, notification_id)
            select client_id, event_id, request_hash, notification_id
            from unnest(@clients::uuid[], @events::text[], @hashes::bytea[], @ids::uuid[])
                as e(client_id, event_id, request_hash, notification_id)
            """;

        public const string ReserveEvents = """
            insert into event_dedup (client_id, event_id, request_hash, notification_id)
            select client_id, event_id, request_hash, notification_id
            from unnest(@clients::uuid[], @events::text[], @hashes::bytea[], @ids::uuid[])
                as e(client_id, event_id, request_hash, notification_id)
            on conflict do nothing
            returning notification_id
            """;

        public const string FindKey = """
            select request_hash, status, response from idempotency_keys where client_id = @client and key = @key
            """;

        public const string FindEvent = """
            select request_hash, notification_id from event_dedup where client_id = @client and event_id = @event
            """;

        public const string FreeKey = "delete from idempotency_keys where client_id = @client and key = @key";

        public const string AnswerKey = """
            update idempotency_keys
            set notification_id = @notification, status = @status, response = @answer
            where client_id = @client and key = @key
            """;
    }
}
