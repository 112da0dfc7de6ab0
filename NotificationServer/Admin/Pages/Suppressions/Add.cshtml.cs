using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Blocked;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;
using NotificationServer.Recipients;

namespace NotificationServer.Admin.Pages.Suppressions;

/// Suppresses addresses, one or a whole list (of another system's bounces, say), after saying what that would do.
[Writers(Policies.Marketing)]
[RequestSizeLimit(UploadText.MostBytes)]
internal sealed class AddModel(SuppressionStore suppressions, ListDesk lists) : PageModel
{
    private const int MaxNote = 500;
    public static readonly string[] Channels = ["email", "sms", "push"];

    [BindProperty] public string? Addresses { get; set; }
    [BindProperty] public IFormFile? Upload { get; set; }
    [BindProperty] public string Channel { get; set; } = "email";
    [BindProperty] public string Why { get; set; } = "manual";
    [BindProperty] public string? Note { get; set; }

    /// Null: nothing was looked at yet.
    public ListPreview? Preview { get; private set; }

    public async Task<IActionResult> OnPostAsync(bool sure, CancellationToken ct)
    {
        Addresses = await UploadText.ReadAsync(Upload, ct) ?? Addresses;
        if (!Channels.Contains(Channel)) ModelState.AddModelError(nameof(Channel), "Choose one of them.");
        if (!SuppressionStore.Reasons.Contains(Why)) ModelState.AddModelError(nameof(Why), "Choose one of them.");
        if (!OneLine.Is(Note, MaxNote)) ModelState.AddModelError(nameof(Note), "Say where they come from, on one line, without naming anybody.");
        var preview = await lists.AddressesAsync(PastedList.Of(Addresses), Channel, ct);
        if (preview is { Add.Count: 0, Already: 0, Wrong.Count: 0 }) ModelState.AddModelError(nameof(Addresses), "Name an address: one to a line.");
        else Preview = preview;
        if (!sure || !ModelState.IsValid || !preview.CanBeDone) return Page();

        var added = await suppressions.PutManyAsync(preview.Add, Channel, Why, Note!.Trim(), Authors.Of(User.Identity?.Name), ct); // it fits
        this.Say($"{Words.Number(added)} {Words.Plural(added, "address is", "addresses are")} suppressed: nothing is sent there any more.");
        return RedirectToPage("/Suppressions/Index");
    }
}
