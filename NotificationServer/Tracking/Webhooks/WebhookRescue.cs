using Dapper;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Tracking.Webhooks;

/// Gives back what a node had claimed that is gone. Whether the receiver heard of it nobody knows: it hears of it again, under the same id.
internal sealed class WebhookRescue(NpgsqlDataSource db, ILogger<WebhookRescue> log) : ISweep
{
    private const int BatchSize = 500;

    public bool JudgesLeases => true;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var taken = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.TakeBack, new { batch = BatchSize }, cancellationToken: ct));
        if (taken > 0) Log.TakenBack(log, taken);
        return taken == BatchSize;
    }

    internal static class Sql
    {
        // Not counted against the endpoint: the same place in the schedule comes again.
        public const string TakeBack = """
            with lost as materialized (
                select endpoint_id, event_id, attempt, leased_by, lease_until
                from webhook_jobs
                where state = 1 and lease_until < now()
                limit @batch for update skip locked
            ), back as (
                update webhook_jobs j
                set state = 0, leased_by = null, lease_until = null, run_at = now()
                from lost l
                where j.endpoint_id = l.endpoint_id and j.event_id = l.event_id and j.state = 1 and j.lease_until < now()
                returning j.endpoint_id
            ), tried as (
                insert into webhook_attempts (endpoint_id, event_id, attempt, error, started_at, finished_at, node)
                select endpoint_id, event_id, attempt, 'unknown', least(lease_until, now()), now(), leased_by from lost
                on conflict do nothing
            )
            select count(*)::integer from back
            """;
    }
}
