using Dapper;
using NotificationServer.Campaigns.Runs;
using NotificationServer.Campaigns.Segments;
using Npgsql;

namespace NotificationServer.Campaigns;

/// Whoever agrees to a campaign agrees to whom it means, which its segments say: when the rules or the list of one become others, what was agreed
/// to with the old ones is asked about again. Who joins a segment by what becomes of themselves changes no rule.
internal sealed class CampaignRecall(NpgsqlDataSource db, SecondPerson second)
{
    /// How many went back. In the transaction of the change, and its last lock but for those of the campaigns: no step of a run reads the new rules
    /// before its campaign was looked at here, and what is submitted meanwhile waits for the end of it.
    public async Task<int> BecauseOfAsync(NpgsqlConnection connection, Segment changed, string actor, CancellationToken ct)
    {
        if (second.From == 0) return 0;
        await connection.ExecuteAsync(new CommandDefinition(Sql.Patience, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Sql.KeepOut, cancellationToken: ct));
        var recalled = 0;
        // All of them are locked by now; what each is, and its runs, is read after that.
        foreach (var id in (await connection.QueryAsync<Guid>(new CommandDefinition(Sql.Lock, new { id = changed.Id }, cancellationToken: ct))).AsList())
            if (await RecallAsync(connection, id, changed.Name, actor, ct)) recalled++;
        return recalled;
    }

    /// How many would go back by now if it became another: for whoever is about to change it.
    public async Task<int> CountAsync(Guid segment, CancellationToken ct)
    {
        if (second.From == 0) return 0;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(Sql.Count, new { id = segment, always = second.From == 1 }, cancellationToken: ct));
    }

    /// For whoever is about to ask for agreement: until the transaction ends, no segment becomes another unseen.
    internal static Task<int> KeepAsync(NpgsqlConnection connection, CancellationToken ct) => connection.ExecuteAsync(new CommandDefinition(Sql.Keep, cancellationToken: ct));

    private async Task<bool> RecallAsync(NpgsqlConnection connection, Guid id, string segment, string actor, CancellationToken ct)
    {
        var campaign = (await connection.QuerySingleAsync<CampaignRow>(new CommandDefinition(CampaignTurn.Sql.Lock, new { id }, cancellationToken: ct))).ToCampaign();
        var (gathering, further) = await connection.QuerySingleAsync<(bool, bool)>(new CommandDefinition(Sql.Runs, new { id }, cancellationToken: ct));
        // Whom it means is written down, and nobody is asked for again.
        if (campaign.Status is CampaignStatus.Running or CampaignStatus.Paused && campaign.NextRunAt is null && !gathering) return false;
        // Nobody was asked, since they are few: as long as they are, nobody is.
        if (campaign is { ApprovedBy: null, Status: not CampaignStatus.PendingApproval } && !await second.IsNeededAsync(connection, campaign.Plan, ct)) return false;

        var goesOn = further && campaign.Status is CampaignStatus.Running or CampaignStatus.Paused;
        var why = $"The segment “{segment}” was changed, and with it whom this means. " + (goesOn
            ? "It does not go out again like this: when the run that goes on is over it is a draft. Submit it then, and a second person is asked again."
            : "Submit it, and a second person is asked again.");
        if (gathering) await RunSwitch.StopGatheringAsync(connection, id, why, ct);
        await CampaignTurn.WriteAsync(connection, campaign, campaign with
        {
            Status = goesOn ? campaign.Status : CampaignStatus.Draft,
            SubmittedBy = null,
            SubmittedAt = null,
            ApprovedBy = null,
            ApprovedAt = null,
            // All of it is to be read again: beside what was agreed to last, nothing of it would be different.
            ApprovedPlan = null,
            NextRunAt = null,
            Note = why,
            Editors = [.. campaign.Editors.Append(actor).Distinct()],
        }, actor, "campaign.recall", ct, why);
        return true;
    }

    internal static class Sql
    {
        // A step of a run may have its campaign for as long as a slice of people takes.
        public const string Patience = "select set_config('lock_timeout', '15000', true)";

        // After the segment's own row, which may be held for long: whoever submits does not wait for that.
        public const string KeepOut = "select pg_advisory_xact_lock(hashtextextended('segments_agreed_to', 0))";

        public const string Keep = "select pg_advisory_xact_lock_shared(hashtextextended('segments_agreed_to', 0))";

        // By itself or by a segment whose rules name it.
        private const string Concerned = """
            from campaigns c
            where c.status in ('pending_approval', 'approved', 'scheduled', 'running', 'paused') and exists (
                select from segments s
                where (s.id = @id or s.rules is not null and position('"seg_' || replace(@id::uuid::text, '-', '') || '"' in lower(s.rules::text)) > 0)
                    and (c.plan #> '{audience,segment_ids}' ? s.id::text or c.plan #> '{audience,exclude_segment_ids}' ? s.id::text))
            """;

        public const string Lock = $"select c.id {Concerned} order by c.id for update of c";

        public const string Count = $"""
            select count(*)::integer {Concerned}
                and (c.status not in ('running', 'paused') or c.next_run_at is not null
                    or exists (select from campaign_runs r where r.campaign_id = c.id and r.phase = 'gathering' and r.ending is null))
                and (@always or c.approved_by is not null or c.status = 'pending_approval')
            """;

        public const string Runs = """
            select coalesce(bool_or(phase = 'gathering'), false), coalesce(bool_or(phase <> 'gathering'), false)
            from campaign_runs
            where campaign_id = @id and phase <> 'ended' and ending is null
            """;
    }
}
