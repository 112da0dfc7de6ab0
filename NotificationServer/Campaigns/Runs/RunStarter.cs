using Dapper;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Begins what is due: makes a run of the plan as it was agreed to. An occurrence happens once, however many nodes see that it is due.
internal sealed class RunStarter(NpgsqlDataSource db)
{
    public const string TooLate = "Its time was over before it could begin.";

    /// One campaign; false if none is due.
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var due = await connection.QuerySingleOrDefaultAsync<Due>(new CommandDefinition(Sql.Due, cancellationToken: ct));
        if (due is null) return false;

        var plan = CampaignPlan.FromJson(due.PlanJson);
        var next = plan.Schedule.Kind == ScheduleKind.Recurring ? Occurrences.Next(plan.Schedule, due.NextRunAt) : null;
        var expires = ExpiryOf(plan, due.NextRunAt, next);
        var isLate = expires <= due.Now;
        await connection.ExecuteAsync(new CommandDefinition(isLate ? Sql.Miss : Sql.Start, new
        {
            // PostgreSQL's clock, as with all else: whoever sends can tell by the id that a run is younger than what it knows of runs.
            id = PrefixedId.Create(due.Now, 0),
            campaign = due.Id,
            occurrence = due.NextRunAt,
            due.ClientId,
            due.Sandbox,
            plan = due.PlanJson,
            throttle = due.Pace switch { null => plan.ThrottlePerMinute, 0 => null, var pace => pace },
            expires,
            next,
            problem = TooLate,
        }, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return true;
    }

    /// A recurring one is worth sending until the next one, if nobody says otherwise.
    internal static DateTimeOffset? ExpiryOf(CampaignPlan plan, DateTimeOffset occurrence, DateTimeOffset? next) =>
        plan.Schedule.Kind == ScheduleKind.Recurring ? plan.ExpiresAfter is { } after ? occurrence + after : next ?? plan.ExpiresAt : plan.ExpiresAt;

    private sealed class Due
    {
        public required Guid Id { get; init; }
        public required Guid ClientId { get; init; }
        public required bool Sandbox { get; init; }
        public required string PlanJson { get; init; }
        public required DateTimeOffset NextRunAt { get; init; }
        public int? Pace { get; init; }
        public required DateTimeOffset Now { get; init; }
    }

    internal static class Sql
    {
        // One that is held begins nothing: when it is let go, what it missed is late.
        public const string Due = """
            select id, client_id, sandbox, plan::text as plan_json, next_run_at, pace, now() as now
            from campaigns
            where status in ('scheduled', 'running') and next_run_at <= now()
            order by next_run_at
            limit 1
            for update skip locked
            """;

        public const string Start = """
            with begun as (
                insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, throttle, expires_at)
                values (@id, @campaign, @occurrence, @ClientId, @Sandbox, @plan::jsonb, @throttle, @expires)
                on conflict (campaign_id, occurrence) do nothing
            )
            update campaigns set status = 'running', next_run_at = @next, note = null, updated_at = now() where id = @campaign
            """;

        public const string Miss = """
            with missed as (
                insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, throttle, expires_at, phase, outcome, problem, ended_at)
                values (@id, @campaign, @occurrence, @ClientId, @Sandbox, @plan::jsonb, @throttle, @expires, 'ended', 'expired', @problem, now())
                on conflict (campaign_id, occurrence) do nothing
            )
            update campaigns
            set status = case when @next::timestamptz is null and status = 'scheduled' then 'expired' else status end,
                note = case when @next::timestamptz is null and status = 'scheduled' then @problem else note end, next_run_at = @next, updated_at = now()
            where id = @campaign
            """;
    }
}
