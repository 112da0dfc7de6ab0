using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Tracking.Webhooks;

/// Takes away what is older than anybody asked to keep, and all of an endpoint that was deleted. The key of a delivery begins with its
/// endpoint and goes on in the order of time: the oldest are the first of each, and are found without looking at the rest.
internal sealed class WebhookRetention(NpgsqlDataSource db, IOptions<WebhooksOptions> options) : ISweep
{
    private const int BatchSize = 2000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var gone = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(Sql.Forget, new { keep = options.Value.Keep, batch = BatchSize }, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.ForgetEndpoints, cancellationToken: ct));
        return gone == BatchSize;
    }

    internal static class Sql
    {
        public const string Forget = """
            with old as materialized (
                select d.endpoint_id, d.event_id
                from webhook_endpoints e
                cross join lateral (
                    select endpoint_id, event_id
                    from webhook_deliveries
                    where endpoint_id = e.id and event_id < case when e.deleted_at is null then uuid_from(now() - @keep::interval)
                        else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end
                    order by event_id
                    limit @batch
                    for update skip locked
                ) d
                limit @batch
            ), jobs as (
                delete from webhook_jobs j using old where j.endpoint_id = old.endpoint_id and j.event_id = old.event_id
            ), attempts as (
                delete from webhook_attempts a using old where a.endpoint_id = old.endpoint_id and a.event_id = old.event_id
            ), gone as (
                delete from webhook_deliveries d using old where d.endpoint_id = old.endpoint_id and d.event_id = old.event_id
                returning 1
            )
            select count(*)::integer from gone
            """;

        // An hour later nobody is still writing an event for it.
        public const string ForgetEndpoints = """
            delete from webhook_endpoints e
            where e.deleted_at < now() - interval '1 hour' and not exists (select from webhook_deliveries d where d.endpoint_id = e.id)
            """;
    }
}
