using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Admin.Identity.SecondFactor;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages.People;

/// One colleague: what they may do, and every way to put them out or help them in again.
[Authorize(Policies.Administration)]
internal sealed class PersonModel(PeopleList people, StaffDesk desk, PasswordResets resets, StaffLinks links, SecondFactorRule rule) : PageModel
{
    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }
    [BindProperty] public string[] Chosen { get; set; } = [];
    [BindProperty] public string? Reason { get; set; }

    public PersonRow Person { get; private set; } = null!; // every handler sets it or answers 404
    public ShownLink? Link { get; private set; }

    public string Name => Person.FullName ?? Person.Email;
    public bool IsOneself => User.FindFirstValue(ClaimTypes.NameIdentifier) == Id.ToString();
    public string Factor => Person.TwoFactorEnabled ? "on" : Person.HasPassword && rule.AsksOf(Person.Roles) ? "missing" : "off";

    public string Sentence => Person switch
    {
        { IsDisabled: true } => "Disabled: they cannot sign in.",
        { Sessions: > 0 } => $"Signed in now, in {Person.Sessions} {Words.Plural(Person.Sessions, "place", "places")}.",
        { LastSignInAt: null } => "Was never signed in.",
        _ => "Not signed in at the moment.",
    };

    private string Actor => Authors.Of(User.Identity?.Name);

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        (Chosen, Link) = (Person.Roles, ShownLink.Take(TempData));
        return Page();
    }

    public async Task<IActionResult> OnPostRolesAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (Chosen.Length == 0 || Chosen.Except(Roles.All).Any()) ModelState.AddModelError(nameof(Chosen), "Choose what they may do; to keep them out, disable them.");
        if (!ModelState.IsValid) return Page();
        var change = await desk.SetRolesAsync(Id, [.. Chosen.Distinct()], Actor, ct);
        if (change == StaffChange.LastAdministrator) ModelState.AddModelError(nameof(Chosen), "They are the last administrator. Make somebody else one first.");
        return ModelState.IsValid ? Said(change, $"{Name} is now {Roles.Named(Chosen)}.") : Page();
    }

    public async Task<IActionResult> OnPostDisableAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        return IsOneself ? Refused("You cannot disable yourself. Ask another administrator.")
            : Said(await desk.DisableAsync(Id, Actor, string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim(), ct), $"{Name} is disabled and signed out everywhere.");
    }

    public async Task<IActionResult> OnPostEnableAsync(CancellationToken ct) =>
        await ReadAsync(ct) ? Said(await desk.EnableAsync(Id, Actor, ct), $"{Name} can sign in again.") : NotFound();

    public async Task<IActionResult> OnPostEndSessionsAsync(CancellationToken ct) =>
        await ReadAsync(ct) ? Said(await desk.EndSessionsAsync(Id, Actor, ct), $"{Name} is signed out everywhere.") : NotFound();

    public async Task<IActionResult> OnPostResetFactorAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        return IsOneself ? Refused("Your own second factor is under your name, at the bottom of the menu.")
            : Said(await desk.ResetSecondFactorAsync(Id, Actor, ct), $"{Name} has no second factor any more. They set it up again after signing in.");
    }

    public async Task<IActionResult> OnPostResetLinkAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (await resets.MakeAsync(Id, Actor, ct) is not { } token) return Refused($"{Name} is disabled. Enable them first.");
        ShownLink.Leave(TempData, new ShownLink("A link for a new password",
            $"Give it to {Name} yourself, on a way that nobody else reads. It works once, for {links.ResetTime}, and is not shown again.", StaffLinks.Reset(links.ShownTo(Request), token)));
        return RedirectToPage();
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await people.FindAsync(Id, ct) is not { } person) return false;
        Person = person;
        return true;
    }

    private RedirectToPageResult Said(StaffChange change, string done) => change switch
    {
        StaffChange.Done => Say(done, "ok"),
        StaffChange.NotFound => Refused("This person is gone."),
        StaffChange.LastAdministrator => Refused("They are the last administrator. Make somebody else one first."),
        StaffChange.Conflict => Refused("Somebody else changed this person at the same moment. Look, and try again."),
    };

    private RedirectToPageResult Refused(string why) => Say(why, "fail");

    private RedirectToPageResult Say(string text, string tone)
    {
        this.Say(text, tone, undo: null);
        return RedirectToPage();
    }
}
