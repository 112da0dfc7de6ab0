using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using NotificationServer.Admin.Ui;
using Npgsql;

namespace NotificationServer.Admin.Pages.Templates;

/// What we say: every template by name, and which of them somebody is working on.
internal sealed class IndexModel(NpgsqlDataSource db) : PageModel
{
    public const int PageSize = 50;
    public const int CountTo = 1_000;

    internal sealed record Row
    {
        public required string Key { get; init; }
        public required string Name { get; init; }
        public string? Category { get; init; }
        public int? Published { get; init; }
        public required int Latest { get; init; }
        public required string[] Channels { get; init; }
        public required string[] Languages { get; init; }
        public required DateTimeOffset ChangedAt { get; init; }
        public required string ChangedBy { get; init; }
        public required bool IsArchived { get; init; }

        public string Status => IsArchived ? "archived" : Published is null ? "draft" : Latest > Published ? "changed" : "published";
    }

    internal sealed record Total(long Count, long Unpublished);

    internal sealed record CategoryRow(string Key, string Name);

    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? Category { get; set; }
    /// published, changed, draft or archived; null: all but the archived.
    [BindProperty(SupportsGet = true)] public string? Status { get; set; }
    /// name or changed, with a minus before it: falling; else by key.
    [BindProperty(SupportsGet = true)] public string? Sort { get; set; }
    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];
    public IReadOnlyList<CategoryRow> Categories { get; private set; } = [];
    public bool HasMore { get; private set; }
    public Total All { get; private set; } = new(0, 0);

    public bool IsFiltered => Q is not null || Category is not null || Status is not null;

    public string Sentence => All switch
    {
        { Count: 0 } => "Nothing is written yet.",
        { Unpublished: 0 } => $"{Words.Number(All.Count, CountTo)} {Words.Plural(All.Count, "template", "templates")}; everything that is written is in use.",
        _ => $"{Words.Number(All.Count, CountTo)} {Words.Plural(All.Count, "template", "templates")}; {Words.Number(All.Unpublished)} "
            + $"{Words.Plural(All.Unpublished, "has", "have")} changes that nobody has published.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        var (column, falls) = Sorting.Of(Sort, "name", "changed");
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.List, new
        {
            search = Q is null ? null : $"%{Q.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%",
            category = Category, status = Status, sort = column, falls, after = After, limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        HasMore = rows.Count > PageSize;
        Rows = HasMore ? rows[..PageSize] : rows;
        All = await connection.QuerySingleAsync<Total>(new CommandDefinition(Sql.Total, new { limit = CountTo + 1 }, cancellationToken: ct));
        Categories = (await connection.QueryAsync<CategoryRow>(new CommandDefinition(Sql.Categories, cancellationToken: ct))).AsList();
    }

    public string Link(string? q = null, string? category = null, string? status = null, string? after = null) =>
        QueryHelpers.AddQueryString($"{Request.PathBase}/admin/templates", new Dictionary<string, string?>
        {
            ["q"] = q, ["category"] = category, ["status"] = status, ["sort"] = Sorting.Of(Sort, "name", "changed").Column is null ? null : Sort, ["after"] = after,
        }.Where(value => value.Value is not null));

    internal static class Sql
    {
        // In byte order; the cursor is the key of the last one. Templates are hundreds, not millions: the filters need no index.
        public const string List = """
            with placed as materialized (
              select t.key collate "C" as key, t.name, t.category, t.published, t.archived_at, v.version, v.created_at, v.created_by, v.parts,
                     case @sort::text when 'name' then lower(t.name) when 'changed' then to_char(v.created_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') else '' end collate "C" as position
              from templates t
              join lateral (select * from template_versions where template = t.key order by version desc limit 1) v on true
            )
            select t.key, t.name, c.name as category, t.published, t.version as latest, t.created_at as changed_at, t.created_by as changed_by, t.archived_at is not null as is_archived,
                   array(select k from unnest(array['email', 'sms', 'push']) k where t.parts -> k <> 'null'::jsonb) as channels,
                   array(select jsonb_object_keys(coalesce(t.parts -> 'locales', '{}'::jsonb)) order by 1) as languages
            from placed t
            left join categories c on c.key = t.category
            where (t.archived_at is not null) = (@status::text is not distinct from 'archived')
              and (@after::text is null or case
                  when @sort::text is null then t.key > @after::text
                  when @falls::boolean then (t.position, t.key) < (select l.position, l.key from placed l where l.key = @after)
                  else (t.position, t.key) > (select l.position, l.key from placed l where l.key = @after) end)
              and (@search::text is null or t.key ilike @search::text or t.name ilike @search::text)
              and (@category::text is null or t.category = @category::text)
              and (@status::text is null or @status::text = case when t.archived_at is not null then 'archived' when t.published is null then 'draft' when t.version > t.published then 'changed' else 'published' end)
            order by case when @falls then t.position end desc, case when @falls then t.key end desc, t.position, t.key
            limit @limit
            """;

        public const string Total = """
            select count(*), count(*) filter (where latest > coalesce(published, 0)) as unpublished
            from (select published, (select max(version) from template_versions where template = key) as latest
                  from templates where archived_at is null limit @limit) counted
            """;

        public const string Categories = """
            select key, name from categories order by name, key
            """;
    }
}
