using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages.Me;

/// Everybody's own account: name, password, second factor, and where they are signed in.
[Authorize(Policies.SignedIn)]
internal sealed class IndexModel(
    UserManager<StaffMember> staff, OwnAccount own, SessionList sessions, IOptions<AdminOptions> options) : PageModel
{
    [BindProperty, StringLength(100)] public string? FullName { get; set; }
    [BindProperty, StringLength(256)] public string? Current { get; set; }
    [BindProperty, StringLength(256)] public string? Next { get; set; }

    public StaffMember Person { get; private set; } = null!; // every handler sets it or sends to the sign-in
    public IReadOnlyList<string> Held { get; private set; } = [];
    public IReadOnlyList<SessionList.Row> Sessions { get; private set; } = [];
    public Guid? Session { get; private set; }
    public int CodesLeft { get; private set; }

    public bool HasPassword => Person.PasswordHash is not null;

    public string Sentence => $"You are {Roles.Named(Held)}, signed in "
        + (Sessions.Count <= 1 ? "here only." : $"in {Sessions.Count} places.");

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return Gone();
        FullName = Person.FullName;
        return Page();
    }

    public async Task<IActionResult> OnPostNameAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return Gone();
        if (!ModelState.IsValid) return Page();
        await own.RenameAsync(Person, FullName, ct);
        this.Say("Your name is changed.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostPasswordAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return Gone();
        FullName = Person.FullName;
        if (!HasPassword) return Forbid();
        var check = await own.CheckAsync(Person, Current, HttpContext.Connection.RemoteIpAddress, ct);
        if (check != PasswordCheck.Right) ModelState.AddModelError(nameof(Current), OwnAccount.Words(check));
        else if (string.IsNullOrEmpty(Next)) ModelState.AddModelError(nameof(Next), "Choose a new password.");
        if (!ModelState.IsValid) return Page();

        var changed = await own.ChangePasswordAsync(Person, Current ?? "", Next ?? "", Session, ct);
        foreach (var error in changed.Errors) ModelState.AddModelError(nameof(Next), error.Description);
        if (!changed.Succeeded) return Page();
        this.Say("Your password is changed. Everywhere else you are signed out.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEndAsync(Guid id, CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return Gone();
        var ended = await sessions.EndAsync(Person.Id, id, ct);
        if (id == Session) return Gone();
        if (ended > 0) this.Say("That session is over.");
        else this.Say("That session was over already.", "warn");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return Gone();
        var ended = await own.EndOtherSessionsAsync(Person, Session, ct);
        this.Say(ended == 0 ? "There was no other session." : $"{ended} other {Words.Plural(ended, "session is", "sessions are")} over.");
        return RedirectToPage();
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await staff.GetUserAsync(User) is not { } person) return false;
        Person = person;
        Held = [.. await staff.GetRolesAsync(person)];
        Sessions = await sessions.OfAsync(person.Id, options.Value.SessionLifetime, ct);
        Session = await CurrentSession.IdAsync(HttpContext);
        CodesLeft = person.TwoFactorEnabled ? await staff.CountRecoveryCodesAsync(person) : 0;
        return true;
    }

    private RedirectToPageResult Gone() => RedirectToPage("/SignIn");
}
