using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;

namespace NotificationServer.Admin.Pages;

/// Behind the link of somebody who forgot their password. They sign in afterwards: the second factor is still theirs to show.
[AllowAnonymous]
internal sealed class ResetModel(PasswordResets resets, SignInThrottle throttle) : PageModel
{
    private const string Guesses = "links for a new password";

    [BindProperty(SupportsGet = true), StringLength(200)]
    public string? Token { get; set; }

    [BindProperty, Required, StringLength(256)]
    public string? Password { get; set; }

    public bool IsGood { get; private set; }

    public IReadOnlyList<string> Problems { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => IsGood = await resets.IsGoodAsync(Token, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var ip = HttpContext.Connection.RemoteIpAddress;
        if (Token is null || !await throttle.TakeTryAsync(Guesses, ip, ct) || !await resets.IsGoodAsync(Token, ct)) return Page();
        await throttle.GiveBackAsync(Guesses, ip, ct);
        IsGood = true;
        if (Password is null || !ModelState.IsValid) return Refuse("Choose a password.");

        if (await resets.UseAsync(Token, Password, ct) is not { } changed) IsGood = false;
        else if (changed.Succeeded) return RedirectToPage("/SignIn", new { done = "reset" });
        else return Refuse([.. changed.Errors.Select(e => e.Description)]);
        return Page();
    }

    private PageResult Refuse(params string[] problems)
    {
        Problems = problems;
        return Page();
    }
}
