using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using Npgsql;

namespace NotificationServer.Admin.Pages.Keys;

/// Who may call us: every key by its client.
[Authorize(Policies.Administration)]
internal sealed class IndexModel(NpgsqlDataSource db) : PageModel
{
    public const int PageSize = 100;

    internal sealed record Total(long Live, long Clients, long Ending);

    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    /// live, ended or all.
    [BindProperty(SupportsGet = true)] public string? State { get; set; }
    /// client, used or made; with a minus before it: falling.
    [BindProperty(SupportsGet = true)] public string? Sort { get; set; }
    /// The id of the last one of the page before.
    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<KeyRow> Rows { get; private set; } = [];
    public Total All { get; private set; } = new(0, 0, 0);
    public bool HasMore { get; private set; }

    public string Sentence => (All.Live, All.Ending) switch
    {
        (0, _) => "Nobody can call the API: there is no key that works.",
        (_, 0) => $"{Words.Number(All.Live)} {Words.Plural(All.Live, "key works", "keys work")}, of {Words.Number(All.Clients)} {Words.Plural(All.Clients, "client", "clients")}.",
        _ => $"{Words.Number(All.Live)} {Words.Plural(All.Live, "key works", "keys work")}; {Words.Number(All.Ending)} {Words.Plural(All.Ending, "ends", "end")} within two weeks.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        var (column, falls) = Sorting.Of(Sort, "client", "used", "made");
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<KeyRow>(new CommandDefinition(Sql.List, new
        {
            search = Q is null ? null : $"%{Q.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%",
            state = State is "ended" or "all" ? State : "live",
            sort = column, falls, after = After,
            limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        HasMore = rows.Count > PageSize;
        Rows = HasMore ? rows[..PageSize] : rows;
        All = await connection.QuerySingleAsync<Total>(new CommandDefinition(Sql.Total, cancellationToken: ct));
    }

    internal static class Sql
    {
        // Keys are hundreds: the order needs no index.
        public const string List = """
            with placed as materialized (
                select k.*, c.name as client,
                    case @sort::text when 'used' then coalesce(to_char(k.last_used_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS'), '')
                        when 'made' then to_char(k.created_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') else lower(c.name) end collate "C" as position
                from api_keys k
                join clients c on c.id = k.client_id
            )
            select k.id, k.client, k.name, k.scopes, k.sandbox, k.created_at, k.created_by, k.expires_at, k.revoked_at, k.last_used_at, k.rate_limit,
                k.networks, k.replaced_by, now() as now
            from placed k
            where (@search::text is null or k.client ilike @search::text or k.name ilike @search::text or k.id ilike @search::text)
                and (@state::text = 'all' or (@state::text = 'live') = (k.revoked_at is null and (k.expires_at is null or k.expires_at > now())))
                and (@after::text is null or case when @falls::boolean
                    then (k.position, k.id) < (select l.position, l.id from placed l where l.id = @after)
                    else (k.position, k.id) > (select l.position, l.id from placed l where l.id = @after) end)
            order by case when @falls then k.position end desc, case when @falls then k.id end desc, k.position, k.id
            limit @limit
            """;

        public const string Total = """
            select count(*) as live, count(distinct client_id) as clients, count(*) filter (where expires_at < now() + interval '14 days') as ending
            from api_keys
            where revoked_at is null and (expires_at is null or expires_at > now())
            """;
    }
}
