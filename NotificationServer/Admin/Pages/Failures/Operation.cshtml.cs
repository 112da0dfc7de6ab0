using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages.Failures;

/// Work on many messages as it goes on, and the way back.
[Writers(Policies.Operations)]
internal sealed class OperationModel(NotificationServer.Queue.Operations operations, Undo undo, TimeProvider clock) : PageModel
{
    public const int CountTo = 10_000;

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty] public string? Reason { get; set; }

    public Operation Operation { get; private set; } = null!; // every handler sets it or answers 404
    /// What an undo would put back now; null: it cannot be undone.
    public int? Returnable { get; private set; }

    public bool CanWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);
    public bool IsRunning => Operation.Status == "running";
    public string Sentence => OperationWords.Sentence(Operation, clock.GetUtcNow());

    public string Returns => Returnable is { } count
        ? $"{Words.Number(count, CountTo)} {Words.Plural(count, "message", "messages")} {(Operation.Type == "requeue" ? "not sent yet go back" : "wait for a decision again")}"
        : "";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostCancelAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        var cancelled = await operations.CancelAsync(Operation.Id, Authors.Of(User.Identity?.Name), ct);
        this.Say(cancelled ? "It goes no further." : "It had come to its end already.", tone: cancelled ? "ok" : "warn");
        return RedirectToPage(new { id = Id });
    }

    public async Task<IActionResult> OnPostUndoAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        Reason = Reason?.Trim();
        if (string.IsNullOrEmpty(Reason)) ModelState.AddModelError(nameof(Reason), "Say why: it is kept with each message");
        else if (Reason.Length > 500) ModelState.AddModelError(nameof(Reason), "Use at most 500 characters");
        if (!ModelState.IsValid) return Page();

        var answer = await undo.StartAsync(Operation.Id, Reason ?? "", Authors.Of(User.Identity?.Name), ct);
        if (answer is { Status: UndoStatus.Started or UndoStatus.UndoneBefore, Operation: { } started })
        {
            if (answer.Status == UndoStatus.UndoneBefore) this.Say("Somebody undoes it already.", tone: "warn");
            return RedirectToPage(new { id = PrefixedId.Format("op", started.Id) });
        }
        this.Say("It cannot be undone any more: what its messages were before is kept for a week.", tone: "warn");
        return RedirectToPage(new { id = Id });
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (!PrefixedId.TryParse("op", Id, out var id) || await operations.FindAsync(id, ct) is not { } found) return false;
        Operation = found;
        var isOver = found.FinishedAt is { } finished && clock.GetUtcNow() - finished > Undo.Keep;
        if (found is { Undoes: null, UndoneBy: null } && !isOver && (found.Done > 0 || IsRunning)) Returnable = await undo.CountAsync(found, CountTo + 1, ct);
        return true;
    }
}
