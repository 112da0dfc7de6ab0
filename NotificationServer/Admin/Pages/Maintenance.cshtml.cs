using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Monitor;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;
using NotificationServer.Platform.Restores;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages;

/// What the server does by itself, again and again: when it last did, how that went, and now if somebody wants it now.
[Writers(Policies.Operations)]
internal sealed class MaintenanceModel(ChoreBook chores, InstanceStore instance, SetAside setAside) : PageModel
{
    public IReadOnlyList<ChoreBook.Chore> Chores { get; private set; } = [];
    /// Not null: nothing is sent until a person decides.
    public HeldSending? Sending { get; private set; }
    /// Messages that may have been sent before the restore; counted up to <see cref="CountTo"/>.
    public int Suspects { get; private set; }
    public SendingEvidence Evidence => new(Sending?.Evidence);
    public const int CountTo = 10_000;
    public bool CanOperate => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);

    public string Sentence => Sending switch
    {
        { SetAsideBefore: not null } => "Nothing is being sent yet: what was queued in the restored copy is being set aside.",
        { } held => $"Nothing is being sent. {held.Sentence} A person has to decide.",
        null => ChoresSentence,
    };

    private string ChoresSentence => Chores.Count(chore => chore.Failed) switch
    {
        0 when Chores.Count == 0 => "No chore has run yet: a node with the role scheduler does them.",
        0 => $"{Chores.Count} chores run by themselves; all of them went well the last time.",
        var failed => $"{failed} of {Chores.Count} chores failed the last time; {Words.Plural(failed, "it is", "they are")} tried again by {Words.Plural(failed, "itself", "themselves")}.",
    };

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    /// Queued: `send` or `set-aside`.
    public async Task<IActionResult> OnPostConfirmAsync(string? queued, string? reason, CancellationToken ct)
    {
        var problem = HoldForm.Trouble(reason, required: true) ?? (queued is "send" or "set-aside" ? null : "Say what becomes of what was queued.");
        if (problem is not null)
        {
            ModelState.AddModelError("Reason", problem);
            await ReadAsync(ct);
            return Page();
        }
        var actor = Authors.Of(User.Identity?.Name);
        if (!await instance.ConfirmAsync(queued == "set-aside", reason!.Trim(), actor, ct)) // Trouble has looked
            this.Say("Nothing was changed: sending is not held, or somebody has decided already.", tone: "warn");
        else if (queued == "send") this.Say("Sending goes on within two seconds, with all that was queued.");
        else
        {
            // It would come to it by itself, some seconds later.
            await chores.AskAsync(nameof(SetAside), actor, ct);
            this.Say("What was queued in the copy is being set aside; then sending goes on. It waits under Failures.", tone: "warn");
        }
        return RedirectToPage();
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        Sending = await instance.HeldAsync(ct);
        if (Sending is not null) Suspects = await setAside.CountAsync(CountTo + 1, ct);
        Chores = [.. (await chores.ReadAsync(ct)).OrderByDescending(chore => chore.Failed).ThenBy(chore => ChoreWords.Of(chore.Name).Title, StringComparer.Ordinal)];
    }

    public async Task<IActionResult> OnPostRunAsync(string chore, CancellationToken ct)
    {
        if (!await chores.AskAsync(chore, Authors.Of(User.Identity?.Name), ct)) return NotFound();
        this.Say($"{ChoreWords.Of(chore).Title}: it runs within a few seconds, on some node.");
        return RedirectToPage();
    }
}
