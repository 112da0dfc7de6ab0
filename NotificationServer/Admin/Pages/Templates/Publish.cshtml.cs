using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Templates;
using NotificationServer.Templates.Lint;
using NotificationServer.Templates.Shared;
using NotificationServer.Templates.Versions;
using Words = NotificationServer.Admin.Ui.Words;

namespace NotificationServer.Admin.Pages.Templates;

/// The last look before people get it: what changes against what they get now, and what lint has to say.
[Writers(Policies.Marketing)]
internal sealed class PublishModel(TemplateDesk desk, TemplateStore store, LintReader lint) : PageModel
{
    [BindProperty(SupportsGet = true)] public required string Key { get; set; }
    /// Null: the latest.
    [BindProperty(SupportsGet = true)] public int? Version { get; set; }

    public TemplateHead Head { get; private set; } = null!; // every handler sets it or answers 404
    public int Chosen => Version ?? Head.Latest;
    public IReadOnlyList<TextDiff> Diff { get; private set; } = [];
    public IReadOnlyList<Finding> Findings { get; private set; } = [];
    public string? Problem { get; private set; }

    public int Errors => Findings.Count(finding => finding.Severity == Severity.Error);
    public bool IsUsed => Head.Published == Chosen;
    public bool CanWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Marketer);

    public string Sentence => (IsUsed, Errors, Head.Published) switch
    {
        (true, _, _) => $"Version {Chosen} is what people get now.",
        (_, > 0, _) => $"Version {Chosen} cannot be published: {Errors} {Words.Plural(Errors, "error has", "errors have")} to be mended first.",
        (_, _, null) => $"From then on, services can send this template: version {Chosen} would be the first that people get.",
        (_, _, { } used) when Chosen < used => $"New notifications would say version {Chosen} again instead of version {used}. What was accepted before keeps its words.",
        (_, _, { } used) => $"New notifications would say version {Chosen} instead of version {used}. What was accepted before keeps its words.",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        var change = await store.PublishAsync(Key, Chosen, Authors.Of(User.Identity?.Name), ct);
        if (change.Status == TemplateChangeStatus.Done)
        {
            this.Say($"Version {Chosen} is in use.");
            return RedirectToPage("/Templates/Edit", new { key = Key });
        }
        Problem = change.Status switch
        {
            TemplateChangeStatus.Invalid => "It was not published: mend the errors first.",
            TemplateChangeStatus.Archived => "It was not published: the template is archived.",
            TemplateChangeStatus.Done or TemplateChangeStatus.KeyTaken or TemplateChangeStatus.NotFound or TemplateChangeStatus.Changed => "It was not published: the template was changed meanwhile. Look again.",
        };
        return Page();
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await desk.FindAsync(Key, ct) is not { } head || await desk.VersionAsync(Key, Version ?? head.Latest, ct) is not { } chosen) return false;
        Head = head;
        var now = head.Published is { } used && used != Chosen ? await desk.VersionAsync(Key, used, ct) : null;
        Diff = VersionDiff.Of(now ?? chosen with { Parts = new TemplateParts(), VariablesSchema = null, SampleData = null, Partials = PartialSnapshot.Empty }, chosen);
        Findings = lint.Check(Draft.Of(chosen, head.Template.Class));
        return true;
    }
}
