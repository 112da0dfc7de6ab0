using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Monitor;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages;

/// What the server does by itself, again and again: when it last did, how that went, and now if somebody wants it now.
[Writers(Policies.Operations)]
internal sealed class MaintenanceModel(ChoreBook chores) : PageModel
{
    public IReadOnlyList<ChoreBook.Chore> Chores { get; private set; } = [];
    public bool CanOperate => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);

    public string Sentence => Chores.Count(chore => chore.Failed) switch
    {
        0 when Chores.Count == 0 => "No chore has run yet: a node with the role scheduler does them.",
        0 => $"{Chores.Count} chores run by themselves; all of them went well the last time.",
        var failed => $"{failed} of {Chores.Count} chores failed the last time; {Words.Plural(failed, "it is", "they are")} tried again by {Words.Plural(failed, "itself", "themselves")}.",
    };

    public async Task OnGetAsync(CancellationToken ct) =>
        Chores = [.. (await chores.ReadAsync(ct)).OrderByDescending(chore => chore.Failed).ThenBy(chore => ChoreWords.Of(chore.Name).Title, StringComparer.Ordinal)];

    public async Task<IActionResult> OnPostRunAsync(string chore, CancellationToken ct)
    {
        if (!await chores.AskAsync(chore, Authors.Of(User.Identity?.Name), ct)) return NotFound();
        this.Say($"{ChoreWords.Of(chore).Title}: it runs within a few seconds, on some node.");
        return RedirectToPage();
    }
}
