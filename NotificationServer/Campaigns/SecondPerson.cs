using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments;
using Npgsql;

namespace NotificationServer.Campaigns;

/// Whether somebody else has to agree to a campaign: by how many people it means.
internal sealed class SecondPerson(NpgsqlDataSource db, IOptions<CampaignsOptions> options)
{
    public int From => options.Value.ApprovalFrom;

    public async Task<bool> IsNeededAsync(CampaignPlan plan, CancellationToken ct)
    {
        if (From <= 1) return From == 1;
        await using var connection = await db.OpenConnectionAsync(ct);
        return await IsNeededAsync(connection, plan, ct);
    }

    /// By the segments as this connection's transaction has them.
    public async Task<bool> IsNeededAsync(NpgsqlConnection connection, CampaignPlan plan, CancellationToken ct)
    {
        if (From <= 1) return From == 1;
        // Whom it means is not known: that is no reason to go without.
        if ((await Audiences.OfAsync(connection, plan.Audience, ct)).Sql is not { } audience) return true;

        var parameters = new DynamicParameters(audience.Parameters);
        parameters.Add("most", From);
        var sql = Sql.CountUpTo.Replace(Sql.Anybody, $"({audience.Condition})", StringComparison.Ordinal);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(sql, parameters, cancellationToken: ct)) >= From;
    }

    internal static class Sql
    {
        /// Where the audience's own condition goes.
        public const string Anybody = "/* audience */ true";

        public const string CountUpTo = """
            select count(*)::integer
            from (select from users u where /* audience */ true limit @most) as meant
            """;
    }
}
