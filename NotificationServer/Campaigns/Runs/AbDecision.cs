using Dapper;
using NotificationServer.Campaigns.Plans;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// When the test has had its time: whatever did best is what the rest gets.
internal static class AbDecision
{
    /// False: not yet.
    public static async Task<bool> DecideAsync(NpgsqlConnection connection, Run run, CancellationToken ct)
    {
        if (run.DecideAt > run.Now || run.Plan.AbTest is not { } test) return false;
        var metric = test.Metric == TestMetric.Clicked ? "clicked_human" : "opened_human";
        var scores = (await connection.QueryAsync<Score>(new CommandDefinition(Sql.Scores, new
        {
            run.Id,
            metric,
            templates = test.Variants.Select((_, variant) => run.Says((short)variant).Template ?? "").ToArray(),
            versions = test.Variants.Select((_, variant) => run.Says((short)variant).Version ?? 0).ToArray(),
        }, cancellationToken: ct))).AsList();
        await connection.ExecuteAsync(new CommandDefinition(Sql.Decide, new { run.Id, winner = (short)Best(scores), rest = (short)test.Variants.Count }, cancellationToken: ct));
        return true;
    }

    internal sealed record Score(int Variant, long Reached, long Acted)
    {
        public double Share => Reached == 0 ? 0 : (double)Acted / Reached;
    }

    /// Where none is better, the one that is named first.
    internal static int Best(IReadOnlyList<Score> scores) => scores.OrderByDescending(score => score.Share).ThenBy(score => score.Variant).First().Variant;

    internal static class Sql
    {
        // The version is not always named: then all that the template said in this run is its.
        public const string Scores = """
            select v.place::integer - 1 as variant,
                coalesce(sum(b.count) filter (where b.metric = 'taken'), 0)::bigint as reached,
                coalesce(sum(b.count) filter (where b.metric = @metric), 0)::bigint as acted
            from unnest(@templates::text[], @versions::integer[]) with ordinality as v(template, version, place)
            left join campaign_books b on b.run_id = @Id and b.template = v.template and (v.version = 0 or b.template_version = v.version)
            group by v.place
            order by v.place
            """;

        public const string Decide = """
            with rest as (
                update campaign_waves set variant = @winner, due_at = least(due_at, now()) where run_id = @Id and wave = @rest
            )
            update campaign_runs set winner = @winner, phase = 'sending', next_at = now(), updated_at = now() where id = @Id
            """;
    }
}
