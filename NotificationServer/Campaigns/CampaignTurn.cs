using Dapper;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Campaigns;

/// One change of a campaign by a person: its row is held until the change and its entry in the audit log are written, both or neither.
internal sealed class CampaignTurn : IAsyncDisposable
{
    private const int LongestTold = 300;

    private readonly NpgsqlTransaction transaction;
    private readonly string actor;

    private CampaignTurn(NpgsqlConnection connection, NpgsqlTransaction transaction, Campaign campaign, DateTimeOffset now, string actor) =>
        (Connection, this.transaction, Campaign, Now, this.actor) = (connection, transaction, campaign, now, actor);

    public NpgsqlConnection Connection { get; }

    /// As it was when the turn began, which nobody changes meanwhile.
    public Campaign Campaign { get; }

    public DateTimeOffset Now { get; }

    /// One of the two: the turn, or why there is none.
    public static async Task<(CampaignTurn? Turn, CampaignAnswer? Refused)> BeginAsync(
        NpgsqlDataSource db, Guid id, CampaignDeed deed, int? ifRevision, string actor, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        var transaction = await connection.BeginTransactionAsync(ct);
        CampaignTurn? turn = null;
        try
        {
            var row = await connection.QuerySingleOrDefaultAsync<CampaignRow>(new CommandDefinition(Sql.Lock, new { id }, transaction, cancellationToken: ct));
            if (row is null) return (null, new CampaignAnswer(CampaignAnswerStatus.NotFound));

            var campaign = row.ToCampaign();
            if (ifRevision is not null && ifRevision != row.Revision)
                return (null, new CampaignAnswer(CampaignAnswerStatus.Changed, campaign) { Problem = "Somebody changed it meanwhile: look at it again" });
            if (!campaign.Status.Allows(deed))
                return (null, new CampaignAnswer(CampaignAnswerStatus.WrongState, campaign) { Problem = campaign.Status.Refusal(deed) });
            turn = new CampaignTurn(connection, transaction, campaign, row.Now, actor);
            return (turn, null);
        }
        finally
        {
            if (turn is null)
            {
                await transaction.DisposeAsync();
                await connection.DisposeAsync();
            }
        }
    }

    /// Writes what it becomes.
    public async Task<CampaignAnswer> SaveAsync(Campaign next, string action, CancellationToken ct, string? reason = null, PlanChange? more = null)
    {
        var row = await WriteAsync(Connection, Campaign, next, actor, action, ct, reason, more);
        await transaction.CommitAsync(ct);
        return new CampaignAnswer(CampaignAnswerStatus.Done, row.ToCampaign());
    }

    /// The same in the transaction of whoever has its row.
    public static async Task<CampaignRow> WriteAsync(
        NpgsqlConnection connection, Campaign before, Campaign next, string actor, string action, CancellationToken ct, string? reason = null, PlanChange? more = null)
    {
        var values = new
        {
            next.Id, next.Name, status = next.Status.Name(), plan = next.Plan.ToJson(), actor, next.SubmittedBy, next.SubmittedAt,
            next.ApprovedBy, next.ApprovedAt, approvedPlan = next.ApprovedPlan?.ToJson(), next.Note, next.NextRunAt, editors = next.Editors.ToArray(),
        };
        var row = await connection.QuerySingleAsync<CampaignRow>(new CommandDefinition(Sql.Save, values, cancellationToken: ct));
        var changes = new List<PlanChange>(PlanDiff.Of(before.Plan, next.Plan));
        if (before.Name != next.Name) changes.Insert(0, new PlanChange("name", before.Name, next.Name));
        if (before.Status != next.Status) changes.Insert(0, new PlanChange("status", before.Status.Name(), next.Status.Name()));
        if (more is not null) changes.Add(more);
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, action, Target(next.Id))
        {
            Before = Told(changes, change => change.Before), After = Told(changes, change => change.After), Reason = reason,
        }, ct);
        return row;
    }

    public async Task<CampaignAnswer> DeleteAsync(CancellationToken ct)
    {
        if (await Connection.ExecuteAsync(new CommandDefinition(Sql.Delete, new { Campaign.Id }, transaction, cancellationToken: ct)) == 0)
            return new CampaignAnswer(CampaignAnswerStatus.WrongState, Campaign) { Problem = "It went out before, and what became of that is kept: cancel it instead" };
        await AuditLog.AppendAsync(Connection, new AuditEntry(actor, "campaign.delete", Target(Campaign.Id))
        {
            Before = Told([new("name", Campaign.Name, null), .. PlanDiff.Of(Campaign.Plan, new CampaignPlan())], change => change.Before),
        }, ct);
        await transaction.CommitAsync(ct);
        return new CampaignAnswer(CampaignAnswerStatus.Done, Campaign);
    }

    public static string Target(Guid id) => $"campaign:{id:N}";

    /// For the audit log, which is no place for long texts.
    public static Dictionary<string, object?> Told(IEnumerable<PlanChange> changes, Func<PlanChange, string?> side) =>
        changes.ToDictionary(change => change.Field, object? (change) => side(change) is { Length: > LongestTold } text ? text.Storable(LongestTold) + "…" : side(change), StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    internal static class Sql
    {
        public const string Lock = """
            select id, client_id, sandbox, name, status, plan::text as plan, revision, created_by, created_at, updated_by, updated_at,
                submitted_by, submitted_at, approved_by, approved_at, approved_plan::text as approved_plan, note, next_run_at, cloned_from, editors, pace,
                clock_timestamp() as now
            from campaigns
            where id = @id
            for update
            """;

        public const string Save = """
            update campaigns
            set name = @Name, status = @status, plan = @plan::jsonb, revision = revision + 1, updated_by = @actor, updated_at = now(),
                submitted_by = @SubmittedBy, submitted_at = @SubmittedAt, approved_by = @ApprovedBy, approved_at = @ApprovedAt,
                approved_plan = @approvedPlan::jsonb, note = @Note, next_run_at = @NextRunAt, editors = @editors,
                -- What is agreed to anew goes as it says.
                pace = case when @status = 'draft' then null else pace end
            where id = @Id
            returning id, client_id, sandbox, name, status, plan::text as plan, revision, created_by, created_at, updated_by, updated_at,
                submitted_by, submitted_at, approved_by, approved_at, approved_plan::text as approved_plan, note, next_run_at, cloned_from, editors, pace
            """;

        public const string Delete = "delete from campaigns c where id = @Id and not exists (select from campaign_runs r where r.campaign_id = c.id)";
    }
}
