using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Npgsql;

namespace NotificationServer.Admin.Pages.Inbox;

/// The mail's own HTML, as it is, in a document of its own that can neither run a script nor reach this app.
internal sealed class HtmlModel(NpgsqlDataSource db, IHostEnvironment environment) : PageModel
{
    private const string Sandbox = Templates.MailDocument.Policy;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct)
    {
        if (!InboxDoor.MayLook(environment, User)) return new ForbidResult(IdentityConstants.ApplicationScheme);
        if (!InboxDoor.ShowsWords(environment)) return NotFound(); // the message's own page shows it, with links that lead nowhere
        await using var connection = await db.OpenConnectionAsync(ct);
        var html = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(InboxMessage.Sql.Html, new { id }, cancellationToken: ct));
        if (html is null) return NotFound();

        Response.Headers.ContentSecurityPolicy = Sandbox;
        return Content(html, "text/html; charset=utf-8");
    }
}
