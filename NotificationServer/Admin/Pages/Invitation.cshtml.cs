using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages;

/// Behind the link of an invitation: the person chooses a password and is in. Where the role asks for a second factor, every page
/// leads to setting it up first.
[AllowAnonymous, StartsSession]
internal sealed class InvitationModel(Invitations invitations, SignInThrottle throttle, SessionStart start) : PageModel
{
    private const string Guesses = "links of invitations";

    [BindProperty(SupportsGet = true), StringLength(200)]
    public string? Token { get; set; }

    [BindProperty, StringLength(100)]
    public string? FullName { get; set; }

    [BindProperty, Required, StringLength(256)]
    public string? Password { get; set; }

    /// Null: the link is used up, too old, or never was one.
    public Identity.People.Invitation? Invitation { get; private set; }

    public IReadOnlyList<string> Problems { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => Invitation = await invitations.FindAsync(Token, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var ip = HttpContext.Connection.RemoteIpAddress;
        if (Token is not null && await throttle.TakeTryAsync(Guesses, ip, ct)) Invitation = await invitations.FindAsync(Token, ct);
        if (Token is null || Invitation is null) return Page();
        await throttle.GiveBackAsync(Guesses, ip, ct);
        if (Password is null || !ModelState.IsValid) return Refuse("Choose a password.");

        var (person, refused) = await invitations.AcceptAsync(Token, Password, FullName, ct);
        if (refused is not null) return Refuse([.. refused.Errors.Select(e => e.Description)]);
        if (person is null)
        {
            Invitation = null;                           // somebody was faster with the same link
            return Page();
        }
        await start.BeginAsync(person, SessionStart.Password, ct);
        this.Say($"Welcome, {person.FullName ?? person.Email}.");
        return RedirectToPage("/Index");
    }

    private PageResult Refuse(params string[] problems)
    {
        Problems = problems;
        return Page();
    }
}
