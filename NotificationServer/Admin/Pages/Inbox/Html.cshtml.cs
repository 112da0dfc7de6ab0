using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Npgsql;

namespace NotificationServer.Admin.Pages.Inbox;

/// The mail's own HTML, as it is, in a document of its own that can neither run a script nor reach this app.
internal sealed class HtmlModel(NpgsqlDataSource db) : PageModel
{
    private const string Sandbox = Templates.MailDocument.Policy;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var html = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(InboxMessage.Sql.Html, new { id }, cancellationToken: ct));
        if (html is null) return NotFound();

        Response.Headers.ContentSecurityPolicy = Sandbox;
        return Content(html, "text/html; charset=utf-8");
    }
}
