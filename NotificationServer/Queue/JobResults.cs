using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Queue;

/// Writes what became of a channel's jobs, many at a time.
internal sealed class JobResults(NpgsqlDataSource db, NodeIdentity node)
{
    internal readonly record struct Written(int Ended, int Repeated);

    /// A result whose (id, attempt) no longer holds the lease changes nothing, with one exception: an acceptance is a fact
    /// of the outside world and is always kept, and it closes the job if nobody holds it now.
    public async Task<Written> WriteAsync(IReadOnlyList<JobResult> results, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Written>(
            new CommandDefinition(Sql.Write, new Columns(results, node.Name).Parameters, cancellationToken: ct));
    }

    private sealed class Columns(IReadOnlyList<JobResult> results, string node)
    {
        private readonly FailurePrint?[] prints = [.. results.Select(Print)];
        private readonly IdRange range = IdRange.SiblingsOf(results.Select(result => result.Job.Id));

        public object Parameters => new
        {
            node,
            channel = results[0].Job.Channel,
            range.From,
            range.Below,
            ids = Each(r => r.Job.Id),
            attempts = Each(r => r.Job.Attempt),
            ends = Each(r => r.End?.Name()),
            reasons = Each(r => r.Reason),
            delays = Each(r => r.Delay),
            places = Each(r => r.At?.ToUniversalTime()),
            counts = Each(r => r.Counts),
            providers = Each(r => r.Attempt?.Provider),
            outcomes = Each(r => r.Attempt?.Outcome),
            providerIds = Each(r => r.Attempt?.ProviderMessageId),
            codes = Each(r => r.Attempt is { } attempt ? attempt.Code : r.Code),
            details = Each(r => r.Attempt?.Detail),
            started = Each(r => r.Attempt?.StartedAt),
            finished = Each(r => r.Attempt?.FinishedAt),
            rules = Each(r => r.Rule),
            fingerprints = Array.ConvertAll(prints, print => print?.Fingerprint),
            summaries = Array.ConvertAll(prints, print => print?.Summary),
        };

        private static FailurePrint? Print(JobResult r) => r.End != MessageStatus.Failed ? null : FailurePrint.Of(
            r.Job.Channel, r.Attempt?.Provider, r.Attempt is { } attempt ? attempt.Code : r.Code, r.Attempt?.Detail ?? r.Reason ?? "");

        private T[] Each<T>(Func<JobResult, T> column)
        {
            var values = new T[results.Count];
            for (var i = 0; i < values.Length; i++) values[i] = column(results[i]);
            return values;
        }
    }

    internal static class Sql
    {
        // One statement, one commit for the attempt, the job and the message: there is no moment at which they disagree.
        public const string Write = """
            with result as materialized (
                select *
                from unnest(
                    @ids::uuid[], @attempts::integer[], @ends::text[], @reasons::text[], @delays::interval[], @places::timestamptz[],
                    @counts::boolean[], @providers::text[], @outcomes::text[], @providerIds::text[], @codes::text[], @details::text[],
                    @started::timestamptz[], @finished::timestamptz[], @rules::text[], @fingerprints::text[], @summaries::text[])
                as r(id, attempt, ending, reason, delay, place, counts, provider, outcome, provider_message_id, code, detail,
                    started_at, finished_at, rule, fingerprint, summary)
            ), ended as (
                delete from jobs j
                using result r
                where r.ending is not null and j.channel = @channel and j.id = r.id
                    -- "Leased under this attempt, or accepted and leased by nobody", as a case: of two conditions on the state joined by
                    -- "or" the planner, while it has no statistics of a fresh queue, expects next to no rows and reads all of them.
                    and case when j.state = 1 then j.attempt = r.attempt else r.ending = 'sent' end
                returning j.id, j.unknowns, j.attempt, j.state = 1 as ours
            ), repeated as (
                update jobs j
                set state = 0, leased_by = null, leased_at = null, lease_until = null,
                    run_at = coalesce(r.place, now() + r.delay),
                    failures = j.failures + case when r.counts then 1 else 0 end,
                    unknowns = j.unknowns + case when r.outcome = 'unknown' then 1 else 0 end,
                    first_failed_at = case when r.counts then coalesce(j.first_failed_at, now()) else j.first_failed_at end
                from result r
                where r.ending is null and j.channel = @channel and j.id = r.id and j.attempt = r.attempt and j.state = 1
                returning j.id
            ), tried as (
                -- While the lease was ours nobody else can have written this attempt down: no conflict to look for, which is a good part of
                -- what an insert costs.
                insert into attempts (message_id, attempt, channel, provider, outcome, provider_message_id, error_code, detail,
                    started_at, finished_at, node)
                select id, attempt, @channel, provider, outcome, provider_message_id, code, detail, started_at, finished_at, @node
                from result
                where outcome is not null and (id in (select id from ended where ours) or id in (select id from repeated))
            ), late as (
                insert into attempts (message_id, attempt, channel, provider, outcome, provider_message_id, error_code, detail,
                    started_at, finished_at, node)
                select id, attempt, @channel, provider, outcome, provider_message_id, code, detail, started_at, finished_at, @node
                from result
                where outcome is not null and id not in (select id from ended where ours) and id not in (select id from repeated)
                -- A rescuer may have written this attempt down as unknown already; that it was accepted is the better knowledge.
                on conflict (message_id, attempt) do update
                set outcome = excluded.outcome, provider = excluded.provider, provider_message_id = excluded.provider_message_id,
                    error_code = null, detail = null, finished_at = excluded.finished_at
                where attempts.outcome = 'unknown' and excluded.outcome = 'accepted'
            ), told as (
                update messages m
                set status = coalesce(r.ending, m.status),
                    reason = case when r.ending is null then m.reason else r.reason end,
                    attempts = m.attempts + case when r.outcome is null then 0 else 1 end,
                    provider = coalesce(r.provider, m.provider),
                    route_rule = case when r.outcome is null then m.route_rule else r.rule end,
                    provider_message_id = coalesce(r.provider_message_id, m.provider_message_id),
                    error_code = case when r.ending = 'sent' then null else coalesce(r.code, m.error_code) end,
                    error_detail = case when r.ending = 'sent' then null else coalesce(r.detail, m.error_detail) end,
                    sent_at = case when r.ending = 'sent' then r.finished_at else m.sent_at end,
                    updated_at = now()
                from result r
                where m.id = r.id and m.id >= @from and m.id < @below and m.status = 'queued'
                    -- A job that merely goes back (a closed gate) leaves its message as it was.
                    and (r.id in (select id from ended) or (r.outcome is not null and r.id in (select id from repeated)))
            ), failed as (
                -- The messages as they were before this statement.
                select m.id, m.notification_id, m.client_id, m.channel, m.lane, r.reason, r.fingerprint, r.summary, r.provider as called, r.code,
                    m.attempts + case when r.outcome is null then 0 else 1 end as attempts,
                    coalesce(r.provider, m.provider) as provider, coalesce(r.code, m.error_code) as error_code,
                    e.attempt as last_attempt, e.unknowns > 0 or coalesce(r.outcome, '') = 'unknown' as may_have_been_sent
                from result r
                join ended e on e.id = r.id
                join messages m on m.id = r.id and m.id >= @from and m.id < @below and m.status = 'queued'
                where r.fingerprint is not null
            ), dead as (
                insert into dead_letters (message_id, notification_id, client_id, channel, lane, provider, template, error_code,
                    fingerprint, reason, attempts, last_attempt, may_have_been_sent)
                select f.id, f.notification_id, f.client_id, f.channel, f.lane, f.provider,
                    (select n.template from notifications n where n.id = f.notification_id and n.id >= @from and n.id < @below),
                    f.error_code, f.fingerprint, f.reason, f.attempts, f.last_attempt, f.may_have_been_sent
                from failed f
                on conflict (message_id) do nothing
            ), grouped as (
                insert into failure_groups as g (fingerprint, channel, provider, error_code, summary, total, sample_message_id)
                select fingerprint, min(channel), min(called), min(code), min(summary), count(*), max(id::text)::uuid
                from failed
                group by fingerprint
                -- In one order on every node: two batches that share groups must not wait for each other.
                order by fingerprint
                on conflict (fingerprint) do update
                set total = g.total + excluded.total, last_seen = excluded.last_seen, sample_message_id = excluded.sample_message_id, state = 'open'
            )
            select (select count(*) from ended)::integer as ended, (select count(*) from repeated)::integer as repeated
            """;
    }
}
