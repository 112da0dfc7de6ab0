using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Tracking.Webhooks;

/// An event as one endpoint was told of it.
internal sealed record WebhookDelivery
{
    public required Guid EventId { get; init; }
    public required string Type { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Data { get; init; }
    public required string Status { get; init; }
    public required int Attempts { get; init; }
    public int? HttpStatus { get; init; }
    public string? Error { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    /// Null: nothing more will be tried by itself.
    public DateTimeOffset? NextAttemptAt { get; init; }
}

internal sealed record WebhookAttempt
{
    public required int Attempt { get; init; }
    public int? HttpStatus { get; init; }
    public string? Error { get; init; }
    public string? Answer { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }
}

/// Which of an endpoint's deliveries. From and Below are ids: of the earliest and latest instant.
internal sealed record DeliveryFilter(string? Status, string? Type, Guid From, Guid Below);

/// What an endpoint was told and what it answered; and tells it once more. Whose endpoint it is has been asked before.
internal sealed class DeliveryLog(NpgsqlDataSource db)
{
    private const int RecoverAtOnce = 5000;

    public async Task<IReadOnlyList<WebhookDelivery>> ListAsync(Guid endpoint, DeliveryFilter filter, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var page = filter.Status is "pending" or "failed" ? Sql.PageOfLive : Sql.Page;
        return (await connection.QueryAsync<WebhookDelivery>(new CommandDefinition(page, new
        {
            endpoint, filter.Status, filter.Type, filter.From, filter.Below, limit,
        }, cancellationToken: ct))).AsList();
    }

    public async Task<(WebhookDelivery Delivery, IReadOnlyList<WebhookAttempt> Attempts)?> FindAsync(Guid endpoint, Guid @event, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var found = await connection.QuerySingleOrDefaultAsync<WebhookDelivery>(new CommandDefinition(Sql.Find, new { endpoint, @event }, cancellationToken: ct));
        if (found is null) return null;
        var attempts = await connection.QueryAsync<WebhookAttempt>(new CommandDefinition(Sql.Attempts, new { endpoint, @event }, cancellationToken: ct));
        return (found, attempts.AsList());
    }

    /// Whatever became of it, it is sent again, from the beginning of the schedule. False: it is unknown, or just being sent.
    public async Task<bool> ReplayAsync(Guid endpoint, Guid @event, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(Sql.Replay, new { endpoint, @event }, cancellationToken: ct)) == 0) return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "webhook_endpoint.replay", $"webhook_endpoint:{EndpointStore.KeyOf(endpoint)}")
        {
            After = new() { ["event"] = PrefixedId.Format(WebhookEvent.IdPrefix, @event) },
        }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// Everything that happened since then and has failed so far, given up or not, is tried now. How many that are.
    public async Task<int> RecoverAsync(Guid endpoint, Guid from, string actor, CancellationToken ct)
    {
        var (total, reached) = (0, from);
        await using var connection = await db.OpenConnectionAsync(ct);
        // Said before it is done: it is done in pieces, and each of them holds.
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "webhook_endpoint.recover", $"webhook_endpoint:{EndpointStore.KeyOf(endpoint)}")
        {
            After = new() { ["since"] = PrefixedId.InstantOf(from) },
        }, ct);
        while (true)
        {
            var (count, last) = await connection.QuerySingleAsync<(int, Guid?)>(
                new CommandDefinition(Sql.Recover, new { endpoint, from = reached, batch = RecoverAtOnce }, cancellationToken: ct));
            total += count;
            if (count < RecoverAtOnce || last is not { } next) return total;
            reached = next;
        }
    }

    internal static class Sql
    {
        private const string Columns = """
            d.event_id, d.type, d.at, d.data::text as data, d.status, d.attempts, d.http_status, d.error, d.finished_at,
            case when j.state <> 2 then j.run_at end as next_attempt_at
            """;

        public const string Page = $"""
            select {Columns}
            from webhook_deliveries d
            left join webhook_jobs j on j.endpoint_id = d.endpoint_id and j.event_id = d.event_id
            where d.endpoint_id = @endpoint and d.event_id >= @From and d.event_id < @Below
                and (@Status::text is null or d.status = @Status) and (@Type::text is null or d.type = @Type)
            order by d.event_id desc
            limit @limit
            """;

        // What has not arrived is found among the jobs, however much has.
        public const string PageOfLive = $"""
            select {Columns}
            from webhook_jobs j
            join webhook_deliveries d on d.endpoint_id = j.endpoint_id and d.event_id = j.event_id
            where j.endpoint_id = @endpoint and j.event_id >= @From and j.event_id < @Below
                and d.status = @Status and (@Type::text is null or d.type = @Type)
            order by j.event_id desc
            limit @limit
            """;

        public const string Find = $"""
            select {Columns}
            from webhook_deliveries d
            left join webhook_jobs j on j.endpoint_id = d.endpoint_id and j.event_id = d.event_id
            where d.endpoint_id = @endpoint and d.event_id = @event
            """;

        public const string Attempts = """
            select attempt, http_status, error, answer, started_at, finished_at
            from webhook_attempts
            where endpoint_id = @endpoint and event_id = @event
            order by attempt
            """;

        // The attempts go on counting from where they were: a result of before must not pass for one of now.
        public const string Replay = """
            with known as (
                update webhook_deliveries
                set status = 'pending', finished_at = null
                where endpoint_id = @endpoint and event_id = @event
                    and not exists (select from webhook_jobs where endpoint_id = @endpoint and event_id = @event and state = 1)
                returning endpoint_id, event_id, attempts
            )
            insert into webhook_jobs as j (endpoint_id, event_id, attempt)
            select endpoint_id, event_id, attempts from known
            on conflict (endpoint_id, event_id) do update set state = 0, run_at = now(), tries = 0 where j.state <> 1
            """;

        public const string Recover = """
            with failed as materialized (
                select event_id
                from webhook_jobs
                where endpoint_id = @endpoint and event_id > @from and (state = 2 or state = 0 and attempt > 0)
                order by event_id
                limit @batch
                for update
            ), moved as (
                update webhook_jobs j
                set state = 0, run_at = now(), tries = 0
                from failed f
                where j.endpoint_id = @endpoint and j.event_id = f.event_id
            ), told as (
                update webhook_deliveries d
                set status = 'pending', finished_at = null
                from failed f
                where d.endpoint_id = @endpoint and d.event_id = f.event_id
            )
            select count(*)::integer, max(event_id::text)::uuid from failed
            """;
    }
}
