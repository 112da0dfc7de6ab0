using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;

namespace NotificationServer.Admin.Pages;

/// Exists only as long as there is no administrator.
[AllowAnonymous]
internal sealed class SetupModel(FirstAdministrator first) : PageModel
{
    [BindProperty, Required, StringLength(200)]
    public string? Token { get; set; }

    [BindProperty, Required, EmailAddress, StringLength(254)]
    public string? Email { get; set; }

    [BindProperty, Required, StringLength(256)]
    public string? Password { get; set; }

    public IReadOnlyList<string> Problems { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await first.IsMissingAsync(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await first.IsMissingAsync(ct)) return NotFound();
        if (Token is null || Email is null || Password is null || !ModelState.IsValid) return Refuse("Fill in all three, with a whole e-mail address.");

        var created = await first.CreateAsync(Email, Password, Token, ct);
        return created.Succeeded ? RedirectToPage("/SignIn") : Refuse([.. created.Errors.Select(e => e.Description)]);
    }

    private PageResult Refuse(params string[] problems)
    {
        Problems = problems;
        return Page();
    }
}
