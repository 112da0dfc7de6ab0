using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Pages.Messages;

/// A campaign as lists of messages and failures name it: its id in the URL, its name on the chip, its runs in the statements.
internal sealed class CampaignNames(NpgsqlDataSource db)
{
    /// More than that are so many messages that they are asked for by time.
    private const int MostRuns = 100;

    /// Runs: the latest first. Since: when the first of them began.
    internal sealed record Known(string? Name, Guid[] Runs, DateTimeOffset? Since);

    /// Null: nobody asked for a campaign. What is no campaign's id is one that has nothing: never everything.
    public static Guid? IdOf(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : PrefixedId.TryParse("cmp", text.Trim(), out var id) ? id : Guid.Empty;

    public static string Path(Guid campaign) => $"/admin/campaigns/{PrefixedId.Format("cmp", campaign)}";

    public async Task<Known?> FindAsync(string? text, CancellationToken ct)
    {
        if (IdOf(text) is not { } campaign) return null;
        await using var connection = await db.OpenConnectionAsync(ct);
        var name = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Sql.Name, new { campaign }, cancellationToken: ct));
        var runs = (await connection.QueryAsync<Run>(new CommandDefinition(Sql.Runs, new { campaign, most = MostRuns }, cancellationToken: ct))).AsList();
        return new Known(name, [.. runs.Select(run => run.Id)], runs.Count == 0 ? null : runs[^1].StartedAt);
    }

    private sealed record Run(Guid Id, DateTimeOffset StartedAt);

    internal static class Sql
    {
        public const string Name = "select name from campaigns where id = @campaign";

        public const string Runs = """
            select id, started_at from campaign_runs where campaign_id = @campaign order by started_at desc, id desc limit @most
            """;
    }
}
