using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Users;

/// One cell of what somebody wants: what counts now and why, and another word in its place.
[Writers(Policies.Marketing)]
internal sealed class ChoiceModel(PersonDesk desk, MatrixDesk matrices) : PageModel
{
    private const int MaxReason = 500;

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty(SupportsGet = true)] public string? Channel { get; set; }
    [BindProperty(SupportsGet = true)] public string? Category { get; set; }
    [BindProperty] public bool? OptIn { get; set; }
    [BindProperty] public string? Reason { get; set; }

    public PersonHead Head { get; private set; } = null!; // every handler sets it or answers 404
    public MatrixRow Row { get; private set; } = null!; // likewise
    public Cell Cell { get; private set; } = null!; // likewise

    public bool CanWrite => Personal.IsWholeFor(User) && Cell.State is CellState.On or CellState.Off;
    public string What => $"{(Row.Category.Length == 0 ? "Everything" : Row.Name)} on {Words.Channel(Cell.Channel)}";

    public string Sentence => Cell.State switch
    {
        CellState.On => $"It is sent: {Cell.Why}.",
        CellState.Off => $"It is not sent: {Cell.Why}.",
        CellState.Fixed => "There is no choice here: sign-in codes and security notices are always sent, unless the person is blocked or the address suppressed.",
        CellState.Unused => "There is no choice here: this category does not use this channel.",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        OptIn = Cell.State != CellState.On; // what somebody who comes here wants to change it to
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (!CanWrite) return BadRequest();
        if (OptIn is null) ModelState.AddModelError(nameof(OptIn), "Choose one of them.");
        if (!OneLine.Is(Reason, MaxReason)) ModelState.AddModelError(nameof(Reason), "Say why, on one line: it proves what the person said.");
        return ModelState.IsValid && OptIn is { } wish ? await SayAsync(wish, Reason!.Trim(), ct) : Page(); // it fits
    }

    /// Only a yes is taken back: a yes is the person's own word, which no button that restores something may speak for them. Whoever
    /// said no by mistake says yes here, and why.
    public async Task<IActionResult> OnPostUndoAsync(CancellationToken ct) =>
        await ReadAsync(ct) && CanWrite ? await SayAsync(wish: false, "taken back", ct) : NotFound();

    private async Task<IActionResult> SayAsync(bool wish, string reason, CancellationToken ct)
    {
        var isNew = wish && Cell.State == CellState.Off;
        if (!await matrices.ChooseAsync(Head.Key, Cell, Row.Category, wish, Authors.Of(User.Identity?.Name), reason, ct)) return NotFound();
        var back = isNew ? Url.Page("/Users/Choice", "Undo", new { id = Id, channel = Cell.Channel, category = Row.Category }) : null;
        this.Say($"{What}: {(wish ? "yes" : "no")}. It counts from now on.", undo: back is null ? null : ("Undo", back));
        return RedirectToPage("/Users/Person", new { id = Id, tab = "preferences" });
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await desk.FindAsync(Id, ct) is not { User: not null } head || await matrices.ReadAsync(head.Key, ct) is not { } matrix) return false;
        if (matrix.Rows.FirstOrDefault(row => row.Category == (Category ?? "")) is not { } found || found.Cells.FirstOrDefault(cell => cell.Channel == Channel) is not { } place) return false;
        (Head, Row, Cell) = (head, found, place);
        return true;
    }
}
