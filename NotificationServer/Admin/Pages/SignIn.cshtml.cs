using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.Company;
using NotificationServer.Admin.Identity.Sessions;

namespace NotificationServer.Admin.Pages;

[AllowAnonymous, StartsSession]
internal sealed class SignInModel(SignIn signIn, IOptions<CompanySignInOptions> company) : PageModel
{
    [BindProperty, Required, StringLength(254)]
    public string? Email { get; set; }

    [BindProperty, Required, StringLength(256)]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string? Problem { get; private set; }

    public string? Done { get; private set; }

    /// What the button of the company's sign-in says; null: there is none.
    public string? Company => company.Value.IsOn ? company.Value.DisplayName : null;

    public void OnGet(string? problem, string? done)
    {
        Problem = problem switch
        {
            null => null,
            "again" => "That took too long, or something changed meanwhile. Sign in once more.",
            "company" => $"Signing in with {company.Value.DisplayName} did not work. Try it once more; if it happens again, tell an administrator.",
            "refused" => $"{company.Value.DisplayName} did not let you in.",
            "not-invited" => "You are known, but nobody gave you a role here yet. Ask an administrator.",
            "not-verified" => $"There is an account with your address already, and {company.Value.DisplayName} does not say that the address is yours. Ask an administrator.",
            "disabled" => "Your account is disabled. Ask an administrator.",
            _ => "That did not work. Sign in once more.",
        };
        Done = done == "reset" ? "Your new password is set. Sign in with it." : null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Email is null || Password is null || !ModelState.IsValid) return Refuse("Enter your address and your password.");

        return await signIn.TryAsync(Email, Password, HttpContext.Connection.RemoteIpAddress, ct) switch
        {
            SignInStatus.SignedIn => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : Url.Page("/Index")!), // the page exists
            SignInStatus.CodeWanted => RedirectToPage("/SignInCode", new { returnUrl = ReturnUrl }),
            SignInStatus.WrongNameOrPassword => Refuse("The address or the password is not right."),
            SignInStatus.TooManyTries => Refuse("Too many tries from here. Wait a quarter of an hour, then try again."),
        };
    }

    private PageResult Refuse(string why)
    {
        Problem = why;
        return Page();
    }
}
