using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Users;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Recipients;

namespace NotificationServer.Admin.Pages.Blocked;

/// Blocks people, one or a whole list, after saying what that would do.
[Writers(Policies.Marketing)]
[RequestSizeLimit(UploadText.MostBytes)]
internal sealed class AddModel(BlockStore blocks, ListDesk lists, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Who { get; set; }
    [BindProperty] public IFormFile? Upload { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public DateOnly? Until { get; set; }

    /// Null: nothing was looked at yet.
    public ListPreview? Preview { get; private set; }

    public async Task<IActionResult> OnPostAsync(bool sure, CancellationToken ct)
    {
        Who = await UploadText.ReadAsync(Upload, ct) ?? Who;
        var end = BlockForm.EndOf(Until);
        if (BlockForm.Problem(Reason, end, clock.GetUtcNow()) is { } problem)
            ModelState.AddModelError(problem.StartsWith("choose", StringComparison.Ordinal) ? nameof(Until) : nameof(Reason), char.ToUpperInvariant(problem[0]) + problem[1..]);
        var preview = await lists.PeopleAsync(PastedList.Of(Who), ct);
        if (preview is { Add.Count: 0, Already: 0, Nobody.Count: 0, Wrong.Count: 0 }) ModelState.AddModelError(nameof(Who), "Name somebody: one id, e-mail address or number to a line.");
        else Preview = preview;
        if (!sure || !ModelState.IsValid || !preview.CanBeDone) return Page();

        var added = await blocks.PutManyAsync(preview.Add, Reason!.Trim(), end, Authors.Of(User.Identity?.Name), ct); // looked at above
        this.Say($"{Words.Number(added)} {Words.Plural(added, "person is", "people are")} blocked: nothing is sent to them any more.",
            undo: preview.Add is [var only] ? ("Undo", Url.Page("/Users/Person", "Undo", new { id = only })!) : null); // our own page
        return RedirectToPage("/Blocked/Index", new { q = (string?)null });
    }
}
