using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Segments;

/// One segment: its rules as lines to fill in, or its list as a file; and beside it who that is right now. Every submit brings the whole
/// state along and gets it back; only saving stores it.
[Writers(Policies.Marketing, "Look")]
[RequestSizeLimit(MostBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MostBytes)]
internal sealed class EditModel(SegmentStore segments, SegmentMembers members, AudienceReader reader, SegmentDesk desk, CampaignRecall recall, Undoing undoing) : PageModel
{
    /// A million of the ids that people usually have.
    private const long MostBytes = 64 * 1024 * 1024;
    public const int MembersShown = 50;

    /// Revision: of what it became.
    private sealed record Was(string Name, string Description, string? Rules, int Revision);

    private sealed record WasList(Guid Change, int Revision, long Size);

    /// Null: a new one.
    [BindProperty(SupportsGet = true)] public string? Id { get; set; }
    /// Of a new one.
    [BindProperty(SupportsGet = true)] public string? Kind { get; set; }
    [BindProperty(SupportsGet = true)] public string? After { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Description { get; set; }
    [BindProperty] public List<RuleLine> Rules { get; set; } = [];
    /// What was read before it was changed.
    [BindProperty] public int? Seen { get; set; }
    [BindProperty] public IFormFile? Upload { get; set; }

    public Segment? Stored { get; private set; }
    public SegmentLook? Look { get; private set; }
    public SegmentDesk.Choices Choices { get; private set; } = SegmentDesk.None;
    public IReadOnlyList<SegmentUse> Uses { get; private set; } = [];
    /// Campaigns that go back if it is changed.
    public int AgreedTo { get; private set; }
    public IReadOnlyList<SegmentMember> Members { get; private set; } = [];
    public bool HasMoreMembers { get; private set; }
    public string? Problem { get; private set; }
    public IReadOnlyList<string> FileProblems { get; private set; } = [];
    /// By line of the builder.
    public Dictionary<int, string> Wrong { get; } = [];

    public bool IsNew => string.IsNullOrEmpty(Id);
    public bool IsList => Stored?.IsList ?? Kind == Segment.OfList;
    public bool CanWrite => Personal.IsWholeFor(User) && Stored is not { ArchivedAt: not null };
    public string Title => Stored?.Name ?? (IsList ? "New list" : "New segment");

    public string Sentence => Stored switch
    {
        null when IsList => "People named one by one: give it a name, then bring the file.",
        null => "Say by rules whom you mean. They are asked again whenever something is sent, so that it is always whoever fits then.",
        { ArchivedAt: not null } => "It is archived: no campaign can name it.",
        { IsList: true } => "People named one by one. They can be told something as soon as we know them.",
        { } stored => RuleWords.Sentence(stored.Tree) + ".",
    };

    public string SendsBack => $"Other {(IsList ? "people" : "rules")} send back {Words.Number(AgreedTo)} {Words.Plural(AgreedTo, "campaign that was", "campaigns that were")} submitted or agreed to: a second person is asked again.";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!IsNew && !await FindAsync(ct)) return NotFound();
        (Name, Description, Seen) = (Stored?.Name, Stored?.Description, Stored?.Revision);
        Rules = Stored?.Tree is { } tree ? RuleTree.Lines(tree) : [new RuleLine { Mode = "all" }, new RuleLine { Parent = 0, Field = "country" }];
        return await ShowAsync(look: !IsNew, ct);
    }

    public async Task<IActionResult> OnPostAsync(string? act, CancellationToken ct)
    {
        if (!IsNew && !await FindAsync(ct)) return NotFound();
        Rules = RuleForm.Whole(Rules);
        if (act is not "save")
        {
            Rules = RuleForm.After(Rules, act);
            return await ShowAsync(look: act == "show", ct);
        }

        var (tree, places) = RuleTree.Of(Rules, Stored?.Tree);
        var draft = new SegmentDraft(Name?.Trim() ?? "", Described(), IsList ? null : tree);
        var actor = Authors.Of(User.Identity?.Name);
        var answer = Stored is null ? await segments.CreateAsync(draft, actor, ct) : await segments.EditAsync(Stored.Id, Seen, draft, actor, ct);
        if (answer is { Status: SegmentAnswerStatus.Done, Segment: { } saved })
        {
            this.SayUndoably($"“{saved.Name}” is {(Stored is null ? "there" : "changed")}.{(saved.IsList && Stored is null ? " Now say who is on it." : " It counts from now on, for campaigns that wait too.")}{WentBack(answer)}",
                Url.Page("/Segments/Edit", "Undo", new { id = SegmentId.Format(saved.Id) })!, // our own page
                Stored is not { } old ? null : undoing.Seal(SegmentId.Format(old.Id), new Was(old.Name, old.Description, old.Rules, saved.Revision)));
            return RedirectToPage("/Segments/Edit", new { id = SegmentId.Format(saved.Id) });
        }
        Tell(answer, places);
        return await ShowAsync(look: false, ct);
    }

    /// As it was before what the notice told of, unless somebody changed it since.
    public async Task<IActionResult> OnPostUndoAsync(string? was, CancellationToken ct)
    {
        if (IsNew || !await FindAsync(ct)) return NotFound();
        var before = undoing.Open<Was>(SegmentId.Format(Stored!.Id), was); // it was found
        var answer = before is null ? null : await segments.EditAsync(
            Stored.Id, before.Revision, new SegmentDraft(before.Name, before.Description, before.Rules is null ? null : JsonElement.Parse(before.Rules)), Authors.Of(User.Identity?.Name), ct);
        if (answer is { Status: SegmentAnswerStatus.Done, Segment: { } undone }) this.Say($"“{undone.Name}” is again what it was.{WentBack(answer)}");
        else this.SayNotUndone();
        return RedirectToPage("/Segments/Edit", new { id = Id });
    }

    /// The part of the page that follows the typing.
    public async Task<IActionResult> OnPostLookAsync(CancellationToken ct)
    {
        if (!IsNew && !await FindAsync(ct)) return NotFound();
        Rules = RuleForm.Whole(Rules);
        Look = await LookAsync(ct);
        return Partial("_Look", this);
    }

    public async Task<IActionResult> OnPostMembersAsync(MembersChange mode, CancellationToken ct)
    {
        if (IsNew || !await FindAsync(ct)) return NotFound();
        if (Upload is null || Upload.Length == 0)
        {
            ModelState.AddModelError(nameof(Upload), "Choose a file: a CSV with a column user_id, or one id a row.");
            return await ShowStoredAsync(ct);
        }
        await using var file = Upload.OpenReadStream();
        var (answer, result) = await members.TakeAsync(Stored!.Id, mode, file, Authors.Of(User.Identity?.Name), ct); // it was found
        if (result is null)
        {
            FileProblems = [.. answer.Errors.Select(error => error.Pointer.StartsWith("/rows/", StringComparison.Ordinal) ? $"Row {error.Pointer[6..]}: {error.Message}" : error.Message)];
            return await ShowStoredAsync(ct);
        }
        this.SayUndoably($"{Words.Number(result.Added)} came, {Words.Number(result.Removed)} went: {Words.Number(result.Members)} {Words.Plural(result.Members, "person is", "people are")} on the list"
            + (result.Unknown == 0 ? "." : $", {Words.Number(result.Unknown)} of whom we do not know yet.") + WentBack(answer), Url.Page("/Segments/Edit", "UndoMembers", new { id = Id })!, // our own page
            result.Added + result.Removed == 0 || answer.Segment is not { } now ? null : undoing.Seal(ListOf(now.Id), new WasList(result.Change, now.Revision, result.Added + result.Removed)));
        return RedirectToPage(new { id = Id });
    }

    public async Task<IActionResult> OnPostUndoMembersAsync(string? was, CancellationToken ct)
    {
        if (IsNew || !await FindAsync(ct)) return NotFound();
        var before = undoing.Open<WasList>(ListOf(Stored!.Id), was); // it was found
        var answer = before is null ? null : await members.UndoAsync(Stored.Id, before.Change, before.Revision, before.Size, Authors.Of(User.Identity?.Name), ct);
        if (answer is { Status: SegmentAnswerStatus.Done }) this.Say($"The list is again what it was.{WentBack(answer)}");
        else this.SayNotUndone();
        return RedirectToPage("/Segments/Edit", new { id = Id });
    }

    // A browser sends line breaks in its own way, which is no change, and counts each as one character.
    private string Described()
    {
        var text = Lines(Description);
        return Stored is { } stored && Lines(stored.Description) == text ? stored.Description : text;

        static string Lines(string? text) => text?.ReplaceLineEndings("\n").Trim() ?? "";
    }

    private static string WentBack(SegmentAnswer answer) => answer.Recalled == 0 ? ""
        : $" {Words.Number(answer.Recalled)} {Words.Plural(answer.Recalled, "campaign goes back: a second person has to agree to whom it means now", "campaigns go back: a second person has to agree to whom they mean now")}.";

    private static string ListOf(Guid id) => $"{SegmentId.Format(id)} members";

    public async Task<IActionResult> OnPostArchiveAsync(bool archived, CancellationToken ct)
    {
        if (IsNew || !await FindAsync(ct)) return NotFound();
        var answer = await segments.ArchiveAsync(Stored!.Id, null, archived, Authors.Of(User.Identity?.Name), ct); // it was found
        if (answer.Status == SegmentAnswerStatus.Done)
        {
            this.Say(archived ? $"“{Stored.Name}” is archived." : $"“{Stored.Name}” is back.", undo: ("Undo", Url.Page("/Segments/Edit", "Archive", new { id = Id, archived = !archived })!)); // our own page
            return RedirectToPage(new { id = Id });
        }
        Tell(answer, []);
        return await ShowStoredAsync(ct);
    }

    private void Tell(SegmentAnswer answer, Dictionary<string, int> places)
    {
        Problem = answer.Status switch
        {
            SegmentAnswerStatus.Changed => "It was not saved: somebody changed this segment while you were writing. Yours still stands here; save again to put it in place of theirs.",
            SegmentAnswerStatus.InUse => $"It was not archived: {char.ToLowerInvariant(answer.Problem![0])}{answer.Problem[1..]}.", // said with this status
            SegmentAnswerStatus.NotFound => "It is not there any more.",
            _ => null,
        };
        if (answer.Status == SegmentAnswerStatus.NameTaken) ModelState.AddModelError(nameof(Name), "There is a segment of this name.");
        if (answer.Status == SegmentAnswerStatus.Changed) Seen = answer.Segment?.Revision;
        foreach (var error in answer.Errors)
        {
            if (error.Pointer.StartsWith("/rules", StringComparison.Ordinal)) Wrong.TryAdd(RuleTree.PlaceOf(error.Pointer["/rules".Length..], places), $"{error.Message}.");
            else ModelState.AddModelError(error.Pointer == "/name" ? nameof(Name) : nameof(Description), $"{error.Message}.");
        }
    }

    private Task<IActionResult> ShowStoredAsync(CancellationToken ct)
    {
        (Name, Description, Seen) = (Stored!.Name, Stored.Description, Stored.Revision); // asked of a stored one only
        Rules = Stored.Tree is { } tree ? RuleTree.Lines(tree) : [];
        return ShowAsync(look: true, ct);
    }

    private async Task<IActionResult> ShowAsync(bool look, CancellationToken ct)
    {
        if (!IsList) Choices = await desk.ReadAsync(ct);
        if (look) Look = await LookAsync(ct);
        if (Stored is not { } stored) return Page();
        Uses = await segments.UsesAsync(stored.Id, ct);
        AgreedTo = await recall.CountAsync(stored.Id, ct);
        if (!stored.IsList) return Page();
        var found = await members.ListAsync(stored.Id, After, MembersShown + 1, ct);
        (Members, HasMoreMembers) = ([.. found.Take(MembersShown)], found.Count > MembersShown);
        return Page();
    }

    private async Task<SegmentLook?> LookAsync(CancellationToken ct)
    {
        if (IsList && Stored is null) return null;
        AudienceSql? audience;
        if (IsList) audience = Audiences.OfList(Stored!.Id); // there is one
        else
        {
            (audience, var errors) = Audiences.OfRules(RuleTree.Of(Rules, Stored?.Tree).Tree);
            if (audience is null) return new SegmentLook(null, [], $"Some of it is missing: {char.ToLowerInvariant(errors[0].Message[0])}{errors[0].Message[1..]}.");
        }
        var size = await reader.CountAsync(audience, ct);
        if (size is not null && Stored is { } stored && (IsList || stored.Tree is { } tree && JsonElement.DeepEquals(tree, RuleTree.Of(Rules, tree).Tree)))
            await segments.NoteSizeAsync(stored.Id, size, ct);
        return new SegmentLook(size, size?.People == 0 ? [] : await reader.SampleAsync(audience, SegmentLook.Shown, ct));
    }

    private async Task<bool> FindAsync(CancellationToken ct) =>
        PrefixedId.TryParse(SegmentId.Prefix, Id, out var id) && (Stored = await segments.FindAsync(id, ct)) is not null;
}
