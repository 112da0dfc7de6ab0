using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Templates;
using NotificationServer.Templates.Lint;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Admin.Pages.Templates;

/// The words of one template: written on the left, seen on the right, judged below. Every submit brings the whole state along and gets it
/// back; only saving stores it, as a new version.
[Writers(Policies.Marketing, "Preview", "Live", "Mail", "Language", "DropLanguage")]
[RequestSizeLimit(4_000_000)]
internal sealed class EditModel(TemplateDesk desk, TemplateStore store, TestDesk tests, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Key { get; set; }
    /// Null: the latest.
    [BindProperty(SupportsGet = true)] public int? Version { get; set; }
    [BindProperty(SupportsGet = true)] public string? Channel { get; set; }
    [BindProperty(SupportsGet = true)] public string? Language { get; set; }
    [BindProperty] public EditorForm Form { get; set; } = new();

    /// Null: it is not created yet.
    public TemplateHead? Head { get; private set; }
    public Look Look { get; private set; } = Look.Nothing;
    public IReadOnlyList<TemplateDesk.CategoryRow> Categories { get; private set; } = [];
    /// Somebody saved a version after the one that this text came from.
    public VersionRow? Conflict { get; private set; }
    public string? Problem { get; private set; }
    public string? TestTo { get; private set; }
    public string? TestNotice { get; private set; }
    public bool TestFailed { get; private set; }

    public bool IsNew => Key is null;
    public bool IsArchived => Head is { IsArchived: true };
    public bool CanWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Marketer);
    public string Title => Head?.Name ?? "New template";
    public string Sentence => Head is { } head ? head.Sentence(clock.GetUtcNow()) : "Nobody can use it before it is published.";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (IsNew)
        {
            if (!CanWrite) return Forbid(Microsoft.AspNetCore.Identity.IdentityConstants.ApplicationScheme);
            Form = new EditorForm { Languages = [new LanguageForm()] };
            return await ShowAsync(ct);
        }
        if (await desk.FindAsync(Key!, ct) is not { } head || await desk.DraftAsync(head, Version ?? head.Latest, ct) is not { } draft) return NotFound(); // not new
        Head = head;
        Form = EditorForm.Of(draft, Version ?? head.Latest);
        (Form.Name, Form.Category) = (Form.ShownName, Form.ShownCategory) = (head.Name, head.Template.Category);
        Form.Channel = Channel ?? EditorForm.Channels.First(channel => channel == "data" || Form.Languages[0].Has(channel));
        Form.Shown = Math.Max(0, Form.Languages.FindIndex(language => string.Equals(language.Tag, Language, StringComparison.OrdinalIgnoreCase)));
        return await ShowAsync(ct);
    }

    /// The mail of a stored version, for the frame of a page that was just opened.
    public async Task<IActionResult> OnGetMailAsync(CancellationToken ct)
    {
        if (Key is null || await desk.FindAsync(Key, ct) is not { } head || await desk.DraftAsync(head, Version ?? head.Latest, ct) is not { } draft) return NotFound();
        return MailDocument.Of(Response, desk.Look(draft, new Viewer(Locale: Language)));
    }

    public Task<IActionResult> OnPostPreviewAsync(CancellationToken ct) => AgainAsync(ct);

    /// The parts of the page that follow the typing.
    public async Task<IActionResult> OnPostLiveAsync(CancellationToken ct)
    {
        await LookAsync(ct);
        return Partial("_Live", this);
    }

    /// The mail as it would be with the text that is in the form, for the frame.
    public async Task<IActionResult> OnPostMailAsync(CancellationToken ct)
    {
        await LookAsync(ct);
        return MailDocument.Of(Response, Look);
    }

    public Task<IActionResult> OnPostLanguageAsync(CancellationToken ct)
    {
        var tag = Form.NewLanguage?.Trim();
        Form.Tidy();
        if (tag is null || !Place.IsLocale(tag)) Problem = "Write a language as de or de-CH.";
        else if (Form.Languages.Exists(language => string.Equals(language.Tag, tag, StringComparison.OrdinalIgnoreCase))) Problem = $"{tag} is there already.";
        else if (Form.Languages.Count == EditorForm.MostLanguages) Problem = $"{EditorForm.MostLanguages} languages are the most.";
        else
        {
            Form.Languages.Add(new LanguageForm { Tag = tag });
            Form.Shown = Form.Languages.Count - 1;
        }
        Form.NewLanguage = null;
        return AgainAsync(ct);
    }

    public Task<IActionResult> OnPostDropLanguageAsync(int drop, CancellationToken ct)
    {
        if (drop > 0 && drop < Form.Languages.Count) Form.Languages.RemoveAt(drop);
        Form.Shown = 0;
        return AgainAsync(ct);
    }

    public async Task<IActionResult> OnPostSaveAsync(int? over, bool publish, CancellationToken ct)
    {
        Form.Tidy();
        if (over is not null) Form.Base = over.Value;
        var saved = await desk.SaveAsync(Key, Form, User.Identity?.Name, ct);
        Problem = saved.Problem;
        Conflict = saved.Conflict;
        if (saved.Version is not { } version) return await AgainAsync(ct, saved.Findings);

        if (publish) return RedirectToPage("/Templates/Publish", new { key = saved.Key, version });
        this.Say(saved.Changed ? $"Saved as version {version}. It is used once it is published." : "Nothing had changed.");
        return RedirectToPage("/Templates/Edit", new { key = saved.Key, channel = Form.Channel, language = Form.Current.Tag });
    }

    public async Task<IActionResult> OnPostArchiveAsync(bool archived, CancellationToken ct)
    {
        if (Key is null || await desk.FindAsync(Key, ct) is not { } head) return NotFound();
        await store.ArchiveAsync(Key, archived, revision: null, Authors.Of(User.Identity?.Name), ct);
        this.Say(archived ? $"“{head.Name}” is archived." : $"“{head.Name}” is back.", undo: ("Undo", Url.Page("/Templates/Edit", "Archive", new { key = Key, archived = !archived })!)); // our own page
        return RedirectToPage("/Templates/Edit", new { key = Key });
    }

    public async Task<IActionResult> OnPostTestAsync(string? to, CancellationToken ct)
    {
        TestTo = to?.Trim();
        Form.Tidy();
        if (Key is null || await desk.FindAsync(Key, ct) is not { } head) return NotFound();
        (TestFailed, TestNotice) = await tests.SendAsync(head, Form, TestTo, User.Identity?.Name, ct);
        return await AgainAsync(ct);
    }

    public string Link(string? handler = null) => IsNew
        ? Url.Content("~/admin/new-template") + (handler is null ? "" : $"?handler={handler}")
        : Url.Page("/Templates/Edit", handler, new { key = Key })!; // the page exists

    private async Task<IActionResult> AgainAsync(CancellationToken ct, IReadOnlyList<Finding>? more = null)
    {
        Form.Tidy();
        ModelState.Clear();                              // what the form shows is what was just decided, not what was posted
        if (!IsNew && (Head = await desk.FindAsync(Key!, ct)) is null) return NotFound();
        return await ShowAsync(ct, more);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken ct, IReadOnlyList<Finding>? more = null)
    {
        Categories = await desk.CategoriesAsync(ct);
        await LookAsync(ct);
        if (more is { Count: > 0 }) Look = Look with { Findings = [.. more.Concat(Look.Findings).DistinctBy(found => (found.Code, found.Pointer, found.Message))] };
        return Page();
    }

    private async Task LookAsync(CancellationToken ct)
    {
        Form.Tidy();
        ModelState.Clear();
        Look = await desk.LookAsync(Form, CanWrite, ct);
    }
}
