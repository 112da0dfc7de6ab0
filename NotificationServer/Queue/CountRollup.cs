using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// Folds what the triggers appended into the counts and the statistics. Whoever reads the books adds the rest that is not folded yet, so that
/// they are exact at any moment and this may come late.
internal sealed class CountRollup(NpgsqlDataSource db) : ISweep
{
    private const int BatchSize = 20_000;

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One node at a time: two would wait for each other's rows, and one is enough.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.TakeTurn, cancellationToken: ct))) return false;
        var folded = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.Fold, new { batch = BatchSize }, cancellationToken: ct));
        var engaged = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.FoldEngagement, new { batch = BatchSize }, cancellationToken: ct));
        var spoken = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.FoldLocales, new { batch = BatchSize }, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.Forget, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return folded == BatchSize || engaged == BatchSize || spoken == BatchSize;
    }

    internal static class Sql
    {
        public const string TakeTurn = "select pg_try_advisory_xact_lock(hashtextextended('message_counts', 0))";

        public const string Fold = """
            with folded as (
                delete from message_count_deltas
                where ctid = any(array(select ctid from message_count_deltas limit @batch))
                returning at, bucket, channel, lane, status, accepted, count, client_id, template, template_version, provider, sent, campaign_run_id
            ), counted as (
                insert into message_counts as c (bucket, channel, lane, status, accepted, count)
                select bucket, channel, lane, status, sum(accepted), sum(count)
                from folded
                group by bucket, channel, lane, status
                on conflict (bucket, channel, lane, status) do update
                set accepted = c.accepted + excluded.accepted, count = c.count + excluded.count
            ), flow as materialized (
                select date_bin('10 seconds', at, 'epoch') as at, channel, lane,
                    coalesce(sum(greatest(count, 0)) filter (where status = 'queued'), 0) as came,
                    coalesce(sum(greatest(-count, 0)) filter (where status = 'queued'), 0) as went,
                    coalesce(sum(greatest(count, 0)) filter (where status = 'failed'), 0) as failed
                from folded
                where status in ('queued', 'failed')
                group by 1, 2, 3
            ), flowed as (
                insert into queue_flow as f (at, channel, lane, came, went, failed)
                select at, channel, lane, came, went, failed from flow
                on conflict (at, channel, lane) do update
                set came = f.came + excluded.came, went = f.went + excluded.went, failed = f.failed + excluded.failed
            ), remembered as (
                insert into queue_history as h (at, channel, lane, came, went, failed)
                select date_bin('10 minutes', at, 'epoch'), channel, lane, sum(came), sum(went), sum(failed)
                from flow
                group by 1, 2, 3
                on conflict (at, channel, lane) do update
                set came = h.came + excluded.came, went = h.went + excluded.went, failed = h.failed + excluded.failed
            ), measured as (
                -- In one order, as the other fold below: nobody else writes the statistics while the turn is ours.
                insert into message_stats as s (day, client_id, template, template_version, channel, provider, metric, count)
                select (bucket at time zone 'UTC')::date, client_id, template, template_version, channel, provider, m.metric, sum(m.count)
                from folded
                cross join lateral (values
                    ('accepted', accepted), ('sent', sent), (case status when 'queued' then 'waiting' when 'sent' then 'unconfirmed' else status end, count))
                    as m(metric, count)
                where client_id is not null
                group by 1, 2, 3, 4, 5, 6, 7
                having sum(m.count) <> 0
                on conflict (day, client_id, template, template_version, channel, provider, metric) do update
                set count = s.count + excluded.count
            ), campaigned as (
                insert into campaign_counts as s (run_id, at, channel, template, template_version, provider, metric, count)
                select campaign_run_id, date_bin('10 minutes', at, 'epoch'), channel, template, template_version, provider, m.metric, sum(m.count)
                from folded
                cross join lateral (values ('accepted', accepted), ('taken', sent), (status, count)) as m(metric, count)
                where campaign_run_id is not null
                group by 1, 2, 3, 4, 5, 6, 7
                having sum(m.count) <> 0
                on conflict (run_id, at, channel, template, template_version, provider, metric) do update
                set count = s.count + excluded.count
            ), dirtied as (
                insert into balance_buckets (bucket)
                select distinct bucket from folded where bucket > 'epoch'
                on conflict (bucket) do update
                set changed_at = now(), checked_at = null
            )
            select count(*)::integer from folded
            """;

        public const string FoldEngagement = """
            with folded as (
                delete from message_stat_deltas
                where ctid = any(array(select ctid from message_stat_deltas limit @batch))
                returning day, client_id, template, template_version, channel, provider, metric, count, at, campaign_run_id
            ), campaigned as (
                insert into campaign_counts as s (run_id, at, channel, template, template_version, provider, metric, count)
                select campaign_run_id, date_bin('10 minutes', at, 'epoch'), channel, template, template_version, provider, metric, sum(count)
                from folded
                where campaign_run_id is not null
                group by 1, 2, 3, 4, 5, 6, 7
                having sum(count) <> 0
                on conflict (run_id, at, channel, template, template_version, provider, metric) do update
                set count = s.count + excluded.count
            ), measured as (
                insert into message_stats as s (day, client_id, template, template_version, channel, provider, metric, count)
                select day, client_id, template, template_version, channel, provider, metric, sum(count)
                from folded
                group by 1, 2, 3, 4, 5, 6, 7
                having sum(count) <> 0
                on conflict (day, client_id, template, template_version, channel, provider, metric) do update
                set count = s.count + excluded.count
            )
            select count(*)::integer from folded
            """;

        public const string FoldLocales = """
            with folded as (
                delete from campaign_locale_deltas
                where ctid = any(array(select ctid from campaign_locale_deltas limit @batch))
                returning run_id, locale, metric, count
            ), counted as (
                insert into campaign_locale_counts as s (run_id, locale, metric, count)
                select run_id, locale, metric, sum(count)
                from folded
                group by 1, 2, 3
                having sum(count) <> 0
                on conflict (run_id, locale, metric) do update
                set count = s.count + excluded.count
            )
            select count(*)::integer from folded
            """;

        public const string Forget = """
            with flow as (delete from queue_flow where at < now() - interval '3 hours')
            delete from queue_history where at < now() - interval '8 days'
            """;
    }
}
