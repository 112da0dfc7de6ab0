using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients;
using Npgsql;

namespace NotificationServer.Admin.Pages.Categories;

/// What kinds of message there are, and how each of them treats people.
internal sealed class IndexModel(NpgsqlDataSource db, CategoryStore categories) : PageModel
{
    public const int PageSize = 100;

    [BindProperty(SupportsGet = true)] public string? After { get; set; }

    public IReadOnlyList<Category> Rows { get; private set; } = [];
    public IReadOnlyDictionary<string, int> Templates { get; private set; } = new Dictionary<string, int>();
    public bool HasMore { get; private set; }

    public string Sentence => Rows.Count == 0 ? "There is no category yet."
        : $"{Rows.Count}{(HasMore || After is not null ? " of the" : "")} {Words.Plural(Rows.Count, "kind", "kinds")} of message; {(Rows.Count(row => row.LimitCount is not null) is > 0 and var limited ? Words.Number(limited) : "none")} with a limit on how often people get them.";

    public async Task OnGetAsync(CancellationToken ct)
    {
        var rows = await categories.ListAsync(After ?? "", PageSize + 1, ct);
        HasMore = rows.Count > PageSize;
        Rows = HasMore ? [.. rows.Take(PageSize)] : rows;
        await using var connection = await db.OpenConnectionAsync(ct);
        Templates = (await connection.QueryAsync<(string Key, int Count)>(new CommandDefinition(
            Sql.Templates, new { keys = Rows.Select(row => row.Key).ToArray() }, cancellationToken: ct))).ToDictionary(row => row.Key, row => row.Count);
    }

    internal static class Sql
    {
        public const string Templates = """
            select category, count(*)::integer
            from templates
            where category = any(@keys::text[]) and archived_at is null
            group by category
            """;
    }
}
