using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Templates;
using NotificationServer.Templates.Versions;

namespace NotificationServer.Admin.Pages.Templates;

/// Everything that a template ever said, and what is different between any two.
[Writers(Policies.Marketing)]
internal sealed class VersionsModel(TemplateDesk desk, TemplateStore store) : PageModel
{
    [BindProperty(SupportsGet = true)] public required string Key { get; set; }
    [BindProperty(SupportsGet = true)] public int? From { get; set; }
    [BindProperty(SupportsGet = true)] public int? To { get; set; }

    public TemplateHead Head { get; private set; } = null!; // every handler sets it or answers 404
    public int Before => From ?? Head.Published ?? Math.Max(1, Head.Latest - 1);
    public int After => To ?? Head.Latest;
    public IReadOnlyList<TextDiff> Diff { get; private set; } = [];
    public bool CanWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Marketer);

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (await desk.FindAsync(Key, ct) is not { } head) return NotFound();
        Head = head;
        if (await desk.VersionAsync(Key, Before, ct) is not { } before || await desk.VersionAsync(Key, After, ct) is not { } after) return NotFound();
        Diff = VersionDiff.Of(before, after);
        return Page();
    }

    public async Task<IActionResult> OnPostRestoreAsync(int version, CancellationToken ct)
    {
        var change = await store.RestoreAsync(Key, version, Authors.Of(User.Identity?.Name), ct);
        if (change.Status == TemplateChangeStatus.NotFound) return NotFound();
        if (change.Status == TemplateChangeStatus.Done) this.Say($"Version {change.Version} says what version {version} said. It is used once it is published.");
        else this.Say("It was not restored: the template is archived.", "warn");
        return RedirectToPage("/Templates/Edit", new { key = Key });
    }
}
