using Dapper;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// What a person does to the runs of a campaign that are under way. In the caller's transaction, which has the campaign's row: its status
/// and what was done are written by the caller. No batch that is under way is committed after it.
internal static class RunSwitch
{
    /// How many were held by it; every node obeys within a second.
    public static Task<int> PauseAsync(NpgsqlConnection connection, Guid campaign, string actor, string? reason, CancellationToken ct) =>
        DoAsync(connection, Sql.Pause, new { campaign, actor, reason }, ct);

    /// What failed before is not held against it again.
    public static Task<int> ResumeAsync(NpgsqlConnection connection, Guid campaign, CancellationToken ct) =>
        DoAsync(connection, Sql.Resume, new { campaign }, ct);

    /// What was not sent is taken back from here on; a run is over when nothing of it is under way.
    public static Task<int> CancelAsync(NpgsqlConnection connection, Guid campaign, string? reason, CancellationToken ct) =>
        DoAsync(connection, Sql.Cancel, new { campaign, reason }, ct);

    /// Those that do not know yet whom they mean, and have told nobody anything.
    public static Task<int> StopGatheringAsync(NpgsqlConnection connection, Guid campaign, string reason, CancellationToken ct) =>
        DoAsync(connection, Sql.StopGathering, new { campaign, reason }, ct);

    /// People a minute; null: as fast as it goes.
    public static Task<int> ThrottleAsync(NpgsqlConnection connection, Guid campaign, int? perMinute, CancellationToken ct) =>
        DoAsync(connection, Sql.Throttle, new { campaign, perMinute }, ct);

    /// The same of the runs to come.
    public static Task<int> PaceAsync(NpgsqlConnection connection, Guid campaign, int? perMinute, CancellationToken ct) =>
        DoAsync(connection, Sql.Pace, new { campaign, pace = perMinute ?? 0 }, ct);

    private static Task<int> DoAsync(NpgsqlConnection connection, string sql, object parameters, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));

    internal static class Sql
    {
        public const string Pause = """
            update campaign_runs
            set paused_at = now(), paused_by = @actor, pause_reason = @reason, updated_at = now()
            where campaign_id = @campaign and phase <> 'ended' and ending is null and paused_at is null
            """;

        public const string Resume = """
            with cleared as (
                update alerts a
                set cleared_at = now()
                from campaign_runs r
                where r.campaign_id = @campaign and a.kind = 'campaign_paused' and a.key = 'run_' || replace(r.id::text, '-', '') and a.cleared_at is null
            )
            update campaign_runs r
            set paused_at = null, paused_by = null, pause_reason = null, tend_at = now(), next_at = now(), updated_at = now(),
                failed_before = (select coalesce(sum(count), 0) from campaign_books b where b.run_id = r.id and b.metric in ('failed', 'bounced')),
                answered_before = (select coalesce(sum(count), 0) from campaign_books b where b.run_id = r.id and b.metric in ('taken', 'failed'))
            where campaign_id = @campaign and phase <> 'ended' and paused_at is not null
            """;

        public const string Cancel = """
            with cleared as (
                update alerts a
                set cleared_at = now()
                from campaign_runs r
                where r.campaign_id = @campaign and a.kind = 'campaign_paused' and a.key = 'run_' || replace(r.id::text, '-', '') and a.cleared_at is null
            )
            update campaign_runs
            set ending = 'cancelled', problem = @reason, paused_at = null, paused_by = null, pause_reason = null, tend_at = now(), updated_at = now()
            where campaign_id = @campaign and phase <> 'ended' and ending is null
            """;

        public const string StopGathering = """
            with stopped as (
                update campaign_runs
                set ending = 'cancelled', problem = @reason, paused_at = null, paused_by = null, pause_reason = null, tend_at = now(), updated_at = now()
                where campaign_id = @campaign and phase = 'gathering' and ending is null
                returning id
            )
            update alerts a
            set cleared_at = now()
            from stopped s
            where a.kind = 'campaign_paused' and a.key = 'run_' || replace(s.id::text, '-', '') and a.cleared_at is null
            """;

        public const string Throttle = """
            update campaign_runs
            set throttle = @perMinute, next_at = now(), updated_at = now()
            where campaign_id = @campaign and phase <> 'ended'
            """;

        public const string Pace = "update campaigns set pace = @pace where id = @campaign";
    }
}
