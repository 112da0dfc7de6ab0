using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Tracking.Webhooks;

/// What became of one call, and what follows. <c>Delay</c>: until it is tried again; null: it was delivered, or given up.
internal sealed record WebhookResult(WebhookJob Job, WebhookAnswer Answer, TimeSpan? Delay, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

/// Writes results, as many as there are at a time, with what follows for their endpoints.
internal sealed class WebhookResults(NpgsqlDataSource db, NodeIdentity node, IOptions<WebhooksOptions> options, ILogger<WebhookResults> log)
{
    private sealed record Disabled(Guid Id, string Reason);

    /// A result whose attempt no longer holds the lease changes nothing, with one exception: what was delivered was delivered.
    public async Task WriteAsync(IReadOnlyList<WebhookResult> results, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var disabled = await connection.QueryAsync<Disabled>(new CommandDefinition(Sql.Write, new
        {
            node = node.Name,
            giveUp = options.Value.GiveUpAfter,
            endpoints = Each(results, one => one.Job.EndpointId),
            events = Each(results, one => one.Job.EventId),
            attempts = Each(results, one => one.Job.Attempt),
            statuses = Each(results, one => one.Answer.HttpStatus),
            errors = Each(results, one => one.Answer.Error),
            answers = Each(results, one => one.Answer.Answer),
            delays = Each(results, one => one.Delay),
            gone = Each(results, one => one.Answer.IsGone),
            started = Each(results, one => one.StartedAt.UtcDateTime),
            finished = Each(results, one => one.FinishedAt.UtcDateTime),
        }, cancellationToken: ct));
        foreach (var one in disabled) Log.EndpointDisabled(log, EndpointStore.KeyOf(one.Id), one.Reason);
    }

    private static T[] Each<T>(IReadOnlyList<WebhookResult> results, Func<WebhookResult, T> column) => [.. results.Select(column)];

    internal static class Sql
    {
        // One commit for the call, its job, its delivery and its endpoint. Endpoints in one order, so that two nodes wait one way round.
        public const string Write = """
            with result as materialized (
                select r.*, r.error is null as delivered
                from unnest(@endpoints::uuid[], @events::uuid[], @attempts::integer[], @statuses::integer[], @errors::text[], @answers::text[],
                    @delays::interval[], @gone::boolean[], @started::timestamptz[], @finished::timestamptz[])
                as r(endpoint_id, event_id, attempt, http_status, error, answer, delay, gone, started_at, finished_at)
            ), done as (
                delete from webhook_jobs j
                using result r
                where r.delivered and j.endpoint_id = r.endpoint_id and j.event_id = r.event_id and (j.attempt = r.attempt or j.state <> 1)
                returning j.endpoint_id, j.event_id
            ), moved as (
                update webhook_jobs j
                set state = case when r.delay is null then 2 else 0 end, leased_by = null, lease_until = null, tries = j.tries + 1,
                    run_at = now() + coalesce(r.delay, interval '0')
                from result r
                where not r.delivered and j.endpoint_id = r.endpoint_id and j.event_id = r.event_id and j.attempt = r.attempt and j.state = 1
                returning j.endpoint_id, j.event_id
            ), told as (
                update webhook_deliveries d
                set status = case when r.delivered then 'delivered' when r.delay is null then 'failed' else 'pending' end,
                    attempts = r.attempt, http_status = r.http_status, error = r.error,
                    finished_at = case when r.delivered or r.delay is null then r.finished_at end
                from result r
                where d.endpoint_id = r.endpoint_id and d.event_id = r.event_id and (r.endpoint_id, r.event_id) in
                    (select endpoint_id, event_id from done union all select endpoint_id, event_id from moved)
            ), tried as (
                insert into webhook_attempts as a (endpoint_id, event_id, attempt, http_status, error, answer, started_at, finished_at, node)
                select endpoint_id, event_id, attempt, http_status, error, answer, started_at, finished_at, @node
                from result
                -- Whoever gave the lease back may have written it down as unknown already: this is the better knowledge.
                on conflict (endpoint_id, event_id, attempt) do update
                set http_status = excluded.http_status, error = excluded.error, answer = excluded.answer, finished_at = excluded.finished_at, node = excluded.node
                where a.error = 'unknown'
            ), learnt as materialized (
                select e.id, r.delivered, r.gone,
                    e.enabled and (r.gone or not r.delivered and coalesce(e.failing_since <= now() - @giveUp::interval, false)) as stops
                from webhook_endpoints e
                join (
                    select endpoint_id, bool_or(delivered) as delivered, bool_or(gone) as gone from result group by endpoint_id
                ) r on r.endpoint_id = e.id
                where e.deleted_at is null and (r.gone or r.delivered and e.failing_since is not null
                    or not r.delivered and (e.failing_since is null or e.failing_since <= now() - @giveUp::interval))
                order by e.id
                for no key update of e
            ), changed as (
                update webhook_endpoints e
                set failing_since = case when l.delivered then null else coalesce(e.failing_since, now()) end,
                    enabled = e.enabled and not l.stops,
                    -- Whoever has an older page open is told before they switch it on again without knowing.
                    version = e.version + case when l.stops then 1 else 0 end,
                    disabled_at = case when l.stops then now() else e.disabled_at end,
                    disabled_reason = case when not l.stops then e.disabled_reason when l.gone then 'gone' else 'failing' end
                from learnt l
                where e.id = l.id
                returning e.id, e.client_id, e.disabled_reason, e.url, l.stops
            ), alerted as (
                insert into alerts (kind, key, detail)
                select 'webhook_disabled', 'whe_' || replace(c.id::text, '-', ''), jsonb_build_object(
                    'reason', c.disabled_reason, 'client', (select name from clients where id = c.client_id), 'host', substring(c.url from '^[a-z]+://([^/:?]+)'))
                from changed c
                where c.stops
                on conflict (kind, key) where cleared_at is null do nothing
            )
            select id, disabled_reason as reason from changed where stops
            """;
    }
}
