using Dapper;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Campaigns;

/// Makes drafts.
internal sealed class CampaignMaker(NpgsqlDataSource db)
{
    private const int LongestName = 200;
    private const string Copy = " (copy)";

    /// What keeps a draft from being stored.
    public static IReadOnlyList<PlanError> Check(CampaignDraft draft)
    {
        var errors = PlanRules.Check(draft.Plan);
        return string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Length > LongestName || draft.Name.Any(char.IsControl)
            ? [new("/name", "invalid_name", "1 to 200 characters on one line"), .. errors] : errors;
    }

    public static CampaignDraft CopyOf(Campaign original) =>
        new(original.Name.Storable(LongestName - Copy.Length) + Copy, original.Plan) { ClientId = original.ClientId, Sandbox = original.Sandbox };

    public async Task<CampaignAnswer> MakeAsync(CampaignDraft draft, Guid? clonedFrom, string actor, CancellationToken ct)
    {
        if (Check(draft) is { Count: > 0 } errors) return new CampaignAnswer(CampaignAnswerStatus.Invalid) { Errors = errors };
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var id = Guid.CreateVersion7();
        var values = new { id, draft.ClientId, draft.Sandbox, draft.Name, plan = draft.Plan.ToJson(), actor, clonedFrom };
        var row = await connection.QuerySingleAsync<CampaignRow>(new CommandDefinition(Sql.Make, values, transaction, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, clonedFrom is null ? "campaign.create" : "campaign.clone", CampaignTurn.Target(id))
        {
            After = CampaignTurn.Told(
                [new("name", null, draft.Name), .. PlanDiff.Of(null, draft.Plan), new("cloned_from", null, clonedFrom?.ToString("N"))], change => change.After),
        }, ct);
        await transaction.CommitAsync(ct);
        return new CampaignAnswer(CampaignAnswerStatus.Done, row.ToCampaign());
    }

    internal static class Sql
    {
        public const string Make = """
            insert into campaigns (id, client_id, sandbox, name, plan, created_by, updated_by, cloned_from, editors)
            values (@id, @ClientId, @Sandbox, @Name, @plan::jsonb, @actor, @actor, @clonedFrom, array[@actor::text])
            returning id, client_id, sandbox, name, status, plan::text as plan, revision, created_by, created_at, updated_by, updated_at,
                submitted_by, submitted_at, approved_by, approved_at, approved_plan::text as approved_plan, note, next_run_at, cloned_from, editors, pace
            """;
    }
}
