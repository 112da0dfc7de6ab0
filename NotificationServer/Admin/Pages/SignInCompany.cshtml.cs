using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity.Company;
using NotificationServer.Admin.Identity.Sessions;

namespace NotificationServer.Admin.Pages;

/// To the company's own sign-in and back. It is a link, not a form: browsers hold the redirects of a form to the form's own site.
/// Nothing changes here by following it; what comes back is bound to this browser by a cookie.
[AllowAnonymous, StartsSession]
internal sealed class SignInCompanyModel(IOptions<CompanySignInOptions> options, CompanySignIn company) : PageModel
{
    public IActionResult OnGet(string? returnUrl) => !options.Value.IsOn ? NotFound() : Challenge(
        new AuthenticationProperties { RedirectUri = Url.Page("/SignInCompany", "Back", new { returnUrl }) }, CompanyModule.Scheme);

    public async Task<IActionResult> OnGetBackAsync(string? returnUrl, CancellationToken ct)
    {
        if (!options.Value.IsOn) return NotFound();
        var vouched = await HttpContext.AuthenticateAsync(IdentityConstants.ExternalScheme);
        if (vouched.Principal is not { } person) return RedirectToPage("/SignIn", new { problem = "again" });

        var status = await company.TryAsync(person, ct);
        await HttpContext.SignOutAsync(IdentityConstants.ExternalScheme);
        return status switch
        {
            CompanySignInStatus.SignedIn => LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : Url.Page("/Index")!), // the page exists
            CompanySignInStatus.NotInvited => RedirectToPage("/SignIn", new { problem = "not-invited" }),
            CompanySignInStatus.NotVerified => RedirectToPage("/SignIn", new { problem = "not-verified" }),
            CompanySignInStatus.Disabled => RedirectToPage("/SignIn", new { problem = "disabled" }),
        };
    }
}
