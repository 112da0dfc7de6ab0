using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Queue;
using Npgsql;

namespace NotificationServer.Admin.Pages.Failures;

/// What was done to many messages at once, the newest first.
internal sealed class OperationsModel(NpgsqlDataSource db) : PageModel
{
    private const int PageSize = 50;

    [BindProperty(SupportsGet = true)] public Guid? Cursor { get; set; }

    public IReadOnlyList<Operation> Rows { get; private set; } = [];
    public Guid? Next { get; private set; }

    public int Running => Rows.Count(row => row.Status == "running");

    public string Sentence => Running switch
    {
        0 => "Nothing is at work at the moment.",
        1 => "One operation is at work.",
        var many => $"{many} operations are at work.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Operation>(new CommandDefinition(Sql.Page, new { before = Cursor, limit = PageSize + 1 }, cancellationToken: ct))).AsList();
        Rows = rows.Count > PageSize ? rows[..PageSize] : rows;
        Next = rows.Count > PageSize ? Rows[^1].Id : null;
    }

    internal static class Sql
    {
        public const string Page = """
            select o.id, o.type, o.status, o.total, o.done, o.refused, o.skipped, o.rate, o.provider, o.undoes, u.id as undone_by, o.reason, o.requested_by,
                o.created_at, o.updated_at, o.finished_at
            from operations o
            left join operations u on u.undoes = o.id
            where @before::uuid is null or o.id < @before::uuid
            order by o.id desc
            limit @limit
            """;
    }
}
