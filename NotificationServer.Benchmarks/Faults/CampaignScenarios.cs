using Dapper;
using NotificationServer.Campaigns.Plans;

namespace NotificationServer.Benchmarks.Faults;

/// A campaign is being made, and the nodes that make it die in the middle of a batch; somebody holds it and lets it go meanwhile.
internal static class CampaignScenarios
{
    private const int Pauses = 10;
    private const int Deaths = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static IEnumerable<Scenario> All =>
    [
        new("F36.campaign", "kill -9 within batches of a campaign (long: of 100,000), held and let go ten times", DieInBatchesAsync),
    ];

    private static async Task DieInBatchesAsync(Trial trial, CancellationToken ct)
    {
        var people = trial.Scale.Events * 10;
        var (campaign, words) = (Guid.CreateVersion7(), trial.Id.Replace('.', '-').ToLowerInvariant());
        var plan = new CampaignPlan { Template = words, TemplateVersion = 1, Channels = ["email"], OnError = OnError.Skip };
        await using (var connection = await trial.Arena.Db.OpenConnectionAsync(ct))
            await connection.ExecuteAsync(new CommandDefinition(Sql.Launch, new { people, words, campaign, plan = plan.ToJson() }, cancellationToken: ct));
        // A few one by one, for the books that the checker keeps.
        await trial.PostAsync(Enumerable.Range(0, 10).Select(_ => trial.NewEmail()), ct);

        // Each takes part, and dies of a batch that is written and not committed.
        var died = 0;
        var deaths = Task.Run(async () =>
        {
            for (var i = 0; i < Deaths; i++)
            {
                var doomed = await trial.ExtraNodeAsync(ct, ("NS_FAILPOINT", $"mid_campaign_batch:exit:{i + 1}"), ("CampaignRuns__BatchSize", "100"));
                await Until.TrueAsync(async () => !doomed.IsAlive || await trial.AskAsync<bool>(Sql.IsMade, ct, new { campaign }), Patience, ct);
                if (!doomed.IsAlive) died++;
            }
        }, ct);
        for (var i = 0; i < Pauses; i++)
        {
            await trial.AskAsync<int>(Sql.Pause, ct, new { campaign });
            await Task.Delay(Random.Shared.Next(50, 300), ct);
            await trial.AskAsync<int>(Sql.Resume, ct, new { campaign });
            await Task.Delay(Random.Shared.Next(50, 300), ct);
        }
        await deaths;
        trial.FaultOver(ct);
        trial.Demand(await Until.TrueAsync(() => trial.AskAsync<bool>(Sql.IsOver, ct, new { campaign }), Patience, ct), "the campaign did not come to its end");
        trial.Measured("people", people);
        trial.Measured("nodes_died", died);
        trial.Demand(await trial.AskAsync<string>("select status from campaigns where id = @campaign", ct, new { campaign }) == "completed", "the campaign is not called completed");
        var missing = await trial.AskAsync<long>(Sql.Missing, ct, new { campaign });
        var extra = await trial.AskAsync<long>(Sql.Extra, ct, new { campaign });
        trial.Measured("missing", missing);
        trial.Measured("extra", extra);
        trial.Demand(missing == 0 && extra == 0, $"{missing} people are missing, {extra} messages were made twice");
        trial.Demand(await trial.AskAsync<bool>(Sql.AddsUp, ct, new { campaign }), "the report does not add up");
    }

    private static class Sql
    {
        public const string Launch = """
            insert into users (id, email) select @words || '-' || n, @words || '-' || n || '@example.org' from generate_series(1, @people::integer) n;
            insert into templates (key, name, category, published) values (@words, 'Fault', 'account', 1);
            insert into template_versions (template, version, parts, created_by) values (@words, 1, '{"email": {"subject": "Spring", "text": "It is here."}}', 'benchmark');
            insert into campaigns (id, client_id, name, status, plan, created_by, updated_by, next_run_at)
            values (@campaign, '00000000-0000-0000-0000-000000000000', @words, 'scheduled', @plan::jsonb, 'benchmark', 'benchmark', now())
            """;

        public const string Pause = """
            with held as (update campaign_runs set paused_at = now(), paused_by = 'benchmark' where campaign_id = @campaign and phase <> 'ended' returning 1)
            select count(*)::integer from held
            """;

        public const string Resume = """
            with freed as (update campaign_runs set paused_at = null, paused_by = null, tend_at = now() where campaign_id = @campaign and phase <> 'ended' returning 1)
            select count(*)::integer from freed
            """;

        public const string IsMade = "select exists (select from campaign_runs where campaign_id = @campaign and phase not in ('gathering', 'sending'))";

        public const string IsOver = "select exists (select from campaign_runs where campaign_id = @campaign and phase = 'ended')";

        // Everybody is meant: whoever the other trials made too.
        public const string Missing = """
            select count(*)
            from campaign_recipients r
            join campaign_runs u on u.id = r.run_id and u.campaign_id = @campaign
            where not exists (select from messages m where m.user_id = r.user_id and m.campaign_run_id = u.id)
            """;

        public const string Extra = """
            select coalesce(sum(n - 1), 0)::bigint
            from (
                select count(*) as n from messages m join campaign_runs u on u.id = m.campaign_run_id and u.campaign_id = @campaign
                group by m.user_id, m.channel, m.device_id
            ) as got
            """;

        public const string AddsUp = """
            select r.audience = r.addressed + r.withdrawn + (select coalesce(sum(value::integer), 0) from jsonb_each_text(r.excluded))
                and r.messages = (select count(*) from messages where campaign_run_id = r.id)
                and r.messages = (select sum(count) from campaign_books b where b.run_id = r.id
                    and metric in ('queued', 'sent', 'delivered', 'bounced', 'failed', 'suppressed', 'expired', 'cancelled'))
            from campaign_runs r where r.campaign_id = @campaign
            """;
    }
}
