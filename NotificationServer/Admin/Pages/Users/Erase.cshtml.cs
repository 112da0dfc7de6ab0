using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Platform;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Admin.Pages.Users;

/// A person's rights over what is kept of them: all of it as a file, or nothing any more.
[Authorize(Policies.Administration)]
internal sealed class EraseModel(PersonDesk desk, PersonEraser eraser, PersonExport export, AuditTrail audit) : PageModel
{
    private const int MaxReason = 500;

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty] public string? Typed { get; set; }
    [BindProperty] public string? Reason { get; set; }

    public PersonHead Head { get; private set; } = null!; // every handler sets it or answers 404
    public Stakes Stakes { get; private set; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (Typed?.Trim() != Id) ModelState.AddModelError(nameof(Typed), $"Write {Id} to say that you mean this person.");
        if (!OneLine.Is(Reason, MaxReason)) ModelState.AddModelError(nameof(Reason), "Say why, on one line, without naming the person.");
        if (!ModelState.IsValid) return Page();

        if (await eraser.EraseAsync(Head.Key, Authors.Of(User.Identity?.Name), Reason!.Trim(), ct) is not { } erased) return NotFound(); // it fits
        this.Say($"Erased. {Words.Number(erased.Messages)} {Words.Plural(erased.Messages, "message does", "messages do")} not name the person any more."
            + (erased.InFlight > 0 ? $" {Words.Number(erased.InFlight)} were being sent at this moment: erase once more in a minute." : ""), erased.InFlight > 0 ? "warn" : "ok");
        return RedirectToPage("/Users/Index", new { id = "" });
    }

    public async Task<IActionResult> OnPostExportAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct) || await export.WriteAsync(Head.Key, ct) is not { } json) return NotFound();
        await audit.AppendAsync(new AuditEntry(Authors.Of(User.Identity?.Name), "user.export", $"user:{Id}"), ct);
        return File(Encoding.UTF8.GetBytes(json), "application/json", $"{Uri.EscapeDataString(Id)}.json");
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await desk.FindAsync(Id, ct) is not { } head) return false;
        (Head, Stakes) = (head, await desk.StakesAsync(head.Key, ct));
        return true;
    }
}
