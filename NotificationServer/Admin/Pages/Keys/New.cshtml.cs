using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Clients;
using Npgsql;

namespace NotificationServer.Admin.Pages.Keys;

/// Makes a key, and shows it in the answer: this once.
[Authorize(Policies.Administration)]
internal sealed class NewModel(NpgsqlDataSource db, ApiKeyStore keys, TimeProvider clock) : PageModel
{
    private const int MostClients = 500;

    [BindProperty] public KeyForm Form { get; set; } = new();
    [BindProperty(SupportsGet = true)] public string? Client { get; set; }

    public IReadOnlyList<string> Clients { get; private set; } = [];
    public SecretShown? Made { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Form.Client = Client;
        await ReadAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Form.Order(ModelState, Authors.Of(User.Identity?.Name), clock.GetUtcNow()) is not { } order)
        {
            await ReadAsync(ct);
            return Page();
        }
        var key = await keys.IssueAsync(order, ct);
        Made = Shown(order.Client, order.Name, key, Url.Page("/Keys/Key", new { id = key.Id })!); // the page exists
        return Page();
    }

    internal static SecretShown Shown(string client, string name, ApiKeyText key, string done) => new(
        $"The key “{name}” of {client}", key.Reveal(),
        "This is the only time that it is shown: the server keeps only a digest of it. Store it where the service finds its secrets, then leave this page.", done);

    private async Task ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        Clients = (await connection.QueryAsync<string>(new CommandDefinition(Sql.Clients, new { limit = MostClients }, cancellationToken: ct))).AsList();
    }

    internal static class Sql
    {
        public const string Clients = "select name from clients order by name limit @limit";
    }
}
