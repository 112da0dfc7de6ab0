using Dapper;
using Npgsql;

namespace NotificationServer.Campaigns;

/// What is shown of all campaigns. Empty and null: whatever it is.
internal sealed record CampaignFilter
{
    public IReadOnlyList<CampaignStatus> Statuses { get; init; } = [];
    /// Part of a name.
    public string? Text { get; init; }
    /// Those only whose next run is in this time: from it on, and before it.
    public DateTimeOffset? NextFrom { get; init; }
    public DateTimeOffset? NextTo { get; init; }
    public bool? Sandbox { get; init; }
    /// name, when or changed; null: the latest first.
    public string? Sort { get; init; }
    public bool Falls { get; init; }
}

/// Campaigns as they are read.
internal sealed class CampaignStore(NpgsqlDataSource db)
{
    public async Task<Campaign?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QuerySingleOrDefaultAsync<CampaignRow>(new CommandDefinition(Sql.Find, new { id }, cancellationToken: ct)))?.ToCampaign();
    }

    /// Before: the id of the last one that was shown; null: from the first on.
    public async Task<IReadOnlyList<Campaign>> ListAsync(CampaignFilter filter, Guid? before, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var asked = new
        {
            statuses = filter.Statuses is [] ? null : filter.Statuses.Select(status => status.Name()).ToArray(),
            text = string.IsNullOrWhiteSpace(filter.Text) ? null : filter.Text.Trim(),
            filter.NextFrom,
            filter.NextTo,
            filter.Sandbox,
            filter.Sort,
            falls = filter.Sort is null || filter.Falls,
            before,
            limit,
        };
        var rows = await connection.QueryAsync<CampaignRow>(new CommandDefinition(Sql.List, asked, cancellationToken: ct));
        return [.. rows.Select(row => row.ToCampaign())];
    }

    /// How many there are of each status, for the tabs of a list. Those with none are left out.
    public async Task<IReadOnlyDictionary<CampaignStatus, int>> CountAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(string Status, int Count)>(new CommandDefinition(Sql.Count, cancellationToken: ct));
        return rows.ToDictionary(row => CampaignWords.StatusOf(row.Status)!.Value, row => row.Count); // the table's check knows the same words
    }

    internal static class Sql
    {
        // In the order of their letters as in that of time.
        private const string Stamp = "to_char(updated_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')";
        private const string NextStamp = "to_char(next_run_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')";

        public const string Find = """
            select id, client_id, sandbox, name, status, plan::text as plan, revision, created_by, created_at, updated_by, updated_at,
                submitted_by, submitted_at, approved_by, approved_at, approved_plan::text as approved_plan, note, next_run_at, cloned_from, editors, pace
            from campaigns
            where id = @id
            """;

        // People make them, one by one: there are hundreds, and a look at all of them is quick.
        public const string List = $"""
            with placed as materialized (
                select *, case @Sort::text when 'name' then lower(name) when 'changed' then {Stamp} when 'when' then coalesce({NextStamp}, '') else '' end collate "C" as position
                from campaigns
            )
            select id, client_id, sandbox, name, status, plan::text as plan, revision, created_by, created_at, updated_by, updated_at,
                submitted_by, submitted_at, approved_by, approved_at, approved_plan::text as approved_plan, note, next_run_at, cloned_from, editors, pace
            from placed
            where (@statuses::text[] is null or status = any(@statuses::text[]))
                and (@text::text is null or position(lower(@text) in lower(name)) > 0)
                and (@NextFrom::timestamptz is null or next_run_at >= @NextFrom)
                and (@NextTo::timestamptz is null or next_run_at < @NextTo)
                and (@Sandbox::boolean is null or sandbox = @Sandbox)
                and (@before::uuid is null or case
                    when @Sort::text is null then id < @before
                    when @falls::boolean then (position, id) < (select l.position, l.id from placed l where l.id = @before)
                    else (position, id) > (select l.position, l.id from placed l where l.id = @before) end)
            order by case when @falls then position end desc, case when @falls then id end desc, position, id
            limit @limit
            """;

        public const string Count = "select status, count(*)::integer as count from campaigns group by status";
    }
}
