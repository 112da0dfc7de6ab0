using Dapper;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Channels;
using Npgsql;

namespace NotificationServer.Campaigns.Calendar;

/// What goes out in some days, what went out, and where it is too much of one kind.
internal sealed class CalendarReader(NpgsqlDataSource db, TimeProvider clock)
{
    /// More campaigns at once nobody plans; more moments of one nobody reads.
    public const int MostCampaigns = 2_000, MostMoments = 750;

    private sealed class CampaignRow
    {
        public required Guid Id { get; init; }
        public required string Name { get; init; }
        public required string Status { get; init; }
        public required string Plan { get; init; }
        public bool Sandbox { get; init; }
        public DateTimeOffset? NextRunAt { get; init; }
        public DateTimeOffset? Occurrence { get; init; }
    }

    private sealed class WordsRow
    {
        public required string Key { get; init; }
        public string? Category { get; init; }
        public required string[] Families { get; init; }
    }

    /// By time.
    public async Task<IReadOnlyList<PlannedRun>> RunsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var parameters = new { from, to, limit = MostCampaigns };
        var begun = (await connection.QueryAsync<CampaignRow>(new CommandDefinition(Sql.Begun, parameters, cancellationToken: ct))).AsList();
        var planned = (await connection.QueryAsync<CampaignRow>(new CommandDefinition(Sql.Planned, parameters, cancellationToken: ct))).AsList();

        var plans = begun.Concat(planned).DistinctBy(row => row.Id).ToDictionary(row => row.Id, row => CampaignPlan.FromJson(row.Plan));
        var keys = plans.Values.SelectMany(TemplatesOf).Distinct(StringComparer.Ordinal).ToArray();
        var words = (await connection.QueryAsync<WordsRow>(new CommandDefinition(Sql.Words, new { keys }, cancellationToken: ct))).ToDictionary(row => row.Key, StringComparer.Ordinal);

        PlannedRun Run(CampaignRow row, DateTimeOffset at, bool hasBegun)
        {
            var plan = plans[row.Id];
            var said = TemplatesOf(plan).Select(key => words.GetValueOrDefault(key)).OfType<WordsRow>().ToArray();
            var chosen = plan.Channels.SelectMany(ChannelNames.Expand).Select(channel => channel.Family().Name()).ToHashSet(StringComparer.Ordinal);
            return new PlannedRun(row.Id, row.Name, CampaignWords.StatusOf(row.Status) ?? CampaignStatus.Draft, at)
            {
                HasBegun = hasBegun,
                Sandbox = row.Sandbox,
                IsLocal = plan.Schedule.Kind == ScheduleKind.Local,
                Categories = [.. said.Select(one => one.Category).OfType<string>().Distinct(StringComparer.Ordinal)],
                Families = [.. said.SelectMany(one => one.Families).Distinct(StringComparer.Ordinal).Where(family => chosen.Count == 0 || chosen.Contains(family))],
                Audience = plan.Audience,
                RespectsLimits = plan.FrequencyCap == FrequencyCap.Respect,
            };
        }

        var now = clock.GetUtcNow();
        var runs = begun.Select(row => Run(row, row.Occurrence!.Value, hasBegun: true)).ToList(); // every run has one
        var known = runs.Select(run => (run.CampaignId, run.At)).ToHashSet();
        runs.AddRange(planned.SelectMany(row => MomentsOf(row, plans[row.Id].Schedule, from > now ? from : now, to)
            .Where(at => !known.Contains((row.Id, at))).Select(at => Run(row, at, hasBegun: false))));
        return [.. runs.OrderBy(run => run.At).ThenBy(run => run.Name, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<CategoryLimit>> LimitsAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<CategoryLimit>(new CommandDefinition(Sql.Limits, cancellationToken: ct))).AsList();
    }

    /// How far back something was told that still counts against a limit; a month at most.
    public static TimeSpan LookBack(IReadOnlyList<CategoryLimit> limits) =>
        limits.Count == 0 ? TimeSpan.Zero : TimeSpan.FromDays(Math.Min(31, limits.Max(limit => limit.Per).TotalDays));

    private static IEnumerable<DateTimeOffset> MomentsOf(CampaignRow row, Schedule schedule, DateTimeOffset from, DateTimeOffset to)
    {
        if (schedule.Kind == ScheduleKind.Now || (schedule.Kind == ScheduleKind.Recurring && schedule.Cron is null))
        {
            if (row.NextRunAt is { } next && next >= from && next < to) yield return next;
            yield break;
        }
        var after = from - TimeSpan.FromTicks(1);
        for (var n = 0; n < MostMoments && Occurrences.Next(schedule, after) is { } at && at < to; n++)
        {
            yield return at;
            if (schedule.Kind != ScheduleKind.Recurring) yield break;
            after = at;
        }
    }

    private static IEnumerable<string> TemplatesOf(CampaignPlan plan) =>
        (plan.AbTest is { } test ? test.Variants.Select(variant => variant.Template ?? plan.Template) : [plan.Template]).OfType<string>();

    internal static class Sql
    {
        public const string Begun = """
            select c.id, c.name, c.status, c.sandbox, r.plan::text as plan, c.next_run_at, r.occurrence
            from campaign_runs r
            join campaigns c on c.id = r.campaign_id
            where r.occurrence >= @from and r.occurrence < @to
            order by r.occurrence
            limit @limit
            """;

        // Whatever is not over: a draft stands in the calendar too, so that two people do not plan the same day.
        public const string Planned = """
            select id, name, status, sandbox, plan::text as plan, next_run_at, null::timestamptz as occurrence
            from campaigns
            where status in ('draft', 'pending_approval', 'approved', 'scheduled', 'running', 'paused')
            order by status desc, id desc
            limit @limit
            """;

        public const string Words = """
            select t.key, t.category, array(select k from unnest(array['email', 'sms', 'push']) k where v.parts -> k <> 'null'::jsonb) as families
            from templates t
            join template_versions v on v.template = t.key and v.version = t.published
            where t.key = any(@keys::text[])
            """;

        public const string Limits = """
            select key, name, limit_count as count, limit_per as per, limit_policy as policy
            from categories
            where limit_count is not null and limit_per is not null
            order by name, key
            """;
    }
}
