using Dapper;
using Npgsql;

namespace NotificationServer.Campaigns.Reports;

/// Reads the books of runs: each answer is one statement, and therefore one moment. What is folded and what is not yet are added up, so that
/// they are exact whenever they are asked for.
internal sealed class FiguresReader(NpgsqlDataSource db)
{
    /// The runs of a campaign, the newest first. Before: the id of the last one that was shown.
    public Task<IReadOnlyList<CampaignFigures>> OfCampaignAsync(Guid campaign, int most, CancellationToken ct, Guid? before = null) =>
        ReadAsync(Sql.OfCampaign, new { campaign, before, most }, ct);

    /// Null: the campaign has no such run.
    public async Task<CampaignFigures?> OfRunAsync(Guid campaign, Guid run, CancellationToken ct) =>
        await ReadAsync(Sql.OfRun, new { campaign, run }, ct) is [var one] ? one : null;

    /// The newest run of each of these campaigns that has one: for a list that shows how far they are.
    public async Task<IReadOnlyDictionary<Guid, CampaignFigures>> LatestAsync(IReadOnlyCollection<Guid> campaigns, CancellationToken ct) =>
        campaigns.Count == 0 ? new Dictionary<Guid, CampaignFigures>()
            : (await ReadAsync(Sql.Latest, new { campaigns = campaigns.ToArray() }, ct)).ToDictionary(figures => figures.CampaignId);

    /// What happened when, in steps of ten minutes or a multiple of them: `taken`, `delivered`, `opened_human`, ...; and `done`: what left the
    /// queue, or never came into it.
    public async Task<IReadOnlyList<FigureMoment>> MomentsAsync(Guid run, TimeSpan step, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<FigureMoment>(new CommandDefinition(Sql.Moments, new { run, step, metrics = Shown }, cancellationToken: ct))).AsList();
    }

    private static readonly string[] Shown = ["taken", "delivered", "bounced", "failed", "opened_human", "clicked_human", "unsubscribed"];

    private async Task<IReadOnlyList<CampaignFigures>> ReadAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return [.. (await connection.QueryAsync<RunRow>(new CommandDefinition(sql, parameters, cancellationToken: ct))).Select(row => row.ToFigures())];
    }

    internal static class Sql
    {
        private const string Counted = """
            , counted as (
                select run_id, channel, template, template_version, provider, metric, sum(count)::bigint as count
                from campaign_books
                where run_id = any(array(select id from wanted))
                group by run_id, channel, template, template_version, provider, metric
                having sum(count) <> 0
            ), spoken as (
                select run_id, jsonb_object_agg(locale, metrics)::text as locales
                from (
                    select run_id, locale, jsonb_object_agg(metric, count) as metrics
                    from (
                        select run_id, locale, metric, sum(count)::bigint as count
                        from campaign_locale_books
                        where run_id = any(array(select id from wanted))
                        group by run_id, locale, metric
                        having sum(count) <> 0
                    ) as summed
                    group by run_id, locale
                ) as told
                group by run_id
            )
            select r.id, r.campaign_id, now() as now, r.occurrence, r.plan::text as plan, r.phase, r.outcome, r.problem, r.paused_at, r.paused_by, r.pause_reason,
                r.started_at, r.ended_at, r.expires_at, r.decide_at, r.next_at, r.throttle, r.winner, r.ending, r.audience, r.expanded, r.addressed,
                r.excluded::text as excluded, r.withdrawn, r.messages,
                (select jsonb_agg(jsonb_build_object('c', c.channel, 't', c.template, 'v', c.template_version, 'p', c.provider, 'm', c.metric, 'n', c.count))::text
                    from counted c where c.run_id = r.id) as counts,
                (select s.locales from spoken s where s.run_id = r.id) as locales
            from wanted r
            order by r.id desc
            """;

        public const string OfCampaign = """
            with wanted as materialized (
                select * from campaign_runs where campaign_id = @campaign and (@before::uuid is null or id < @before::uuid) order by id desc limit @most
            )
            """ + Counted;

        public const string OfRun = """
            with wanted as materialized (
                select * from campaign_runs where id = @run and campaign_id = @campaign
            )
            """ + Counted;

        public const string Latest = """
            with wanted as materialized (
                select r.*
                from unnest(@campaigns::uuid[]) as c(id)
                cross join lateral (select * from campaign_runs where campaign_id = c.id order by id desc limit 1) as r
            )
            """ + Counted;

        // A status that loses messages in a step says nothing of what happened: they went on to another. What left the queue is what
        // came into being, less what of it is (or, below zero, was until now) in the queue.
        public const string Moments = """
            with binned as (
                select date_bin(@step::interval, at, 'epoch') as at, metric, sum(count)::bigint as count
                from campaign_books
                where run_id = @run
                group by 1, 2
            )
            select at, metric, count from binned where metric = any(@metrics::text[]) and count > 0
            union all
            select at, 'done', sum(case metric when 'accepted' then count else -count end)::bigint
            from binned
            where metric in ('accepted', 'queued')
            group by at
            order by 1, 2
            """;
    }
}
