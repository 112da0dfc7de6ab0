using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;

namespace NotificationServer.Admin.Pages;

[AllowAnonymous]
internal sealed class SignInModel(SignIn signIn) : PageModel
{
    [BindProperty, Required, StringLength(254)]
    public string? Email { get; set; }

    [BindProperty, Required, StringLength(256)]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Email is null || Password is null || !ModelState.IsValid) return Refuse("Enter your address and your password.");

        return await signIn.TryAsync(Email, Password, HttpContext.Connection.RemoteIpAddress, ct) switch
        {
            SignInStatus.SignedIn => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : Url.Page("/Index")!), // the page exists
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
