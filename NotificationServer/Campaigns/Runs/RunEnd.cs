using Dapper;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Ends a run, and its campaign with it unless that goes out again. In the transaction of whoever holds both.
internal static class RunEnd
{
    public const string Completed = "completed", Cancelled = "cancelled", Expired = "expired", Failed = "failed";

    public static async Task WriteAsync(NpgsqlConnection connection, Run run, string outcome, string? problem, CancellationToken ct)
    {
        if (await connection.ExecuteAsync(new CommandDefinition(Sql.End, new { run.Id, run.CampaignId, outcome, problem }, cancellationToken: ct)) > 0 && outcome != Failed)
            await connection.ExecuteAsync(new CommandDefinition(Sql.AskAgain, new { run.CampaignId }, cancellationToken: ct));
    }

    internal static class Sql
    {
        // One that failed does not go out again by itself: a person looks at it first. One that is held is held until somebody lets it go.
        public const string End = """
            with ended as (
                update campaign_runs
                set phase = 'ended', outcome = @outcome, problem = coalesce(@problem, problem), ended_at = now(), updated_at = now(),
                    paused_at = null, paused_by = null, pause_reason = null
                where id = @Id and phase <> 'ended'
            ), tidied as (
                delete from campaign_parts where run_id = @Id
            ), cleared as (
                update alerts set cleared_at = now() where kind = 'campaign_paused' and key = 'run_' || replace(@Id::uuid::text, '-', '') and cleared_at is null
            )
            update campaigns c
            set status = case when c.next_run_at is null or @outcome = 'failed' then @outcome when c.status = 'paused' then 'paused' else 'scheduled' end,
                note = coalesce(@problem, c.note), next_run_at = case when @outcome = 'failed' then null else c.next_run_at end, updated_at = now()
            where c.id = @CampaignId and c.status in ('running', 'paused')
                and not exists (select from campaign_runs o where o.campaign_id = c.id and o.id <> @Id and o.phase <> 'ended')
            """;

        // What was recalled while this run went on (CampaignRecall). After the end was written, so that it is told of like every other.
        public const string AskAgain = """
            update campaigns
            set status = 'draft', pace = null, note = coalesce(note, 'A segment of it was changed: submit it, and a second person is asked again.')
            where id = @CampaignId and approved_at is null and editors <> '{}' and next_run_at is null and lower(plan #>> '{schedule,kind}') = 'recurring'
            """;
    }
}
