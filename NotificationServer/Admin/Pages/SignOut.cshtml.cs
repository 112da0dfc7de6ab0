using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity.SecondFactor;

namespace NotificationServer.Admin.Pages;

[OpenBeforeEnrolment]
internal sealed class SignOutModel(ILogger<SignOutModel> log) : PageModel
{
    public async Task<IActionResult> OnPostAsync()
    {
        await HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        Log.SignedOut(log, User.FindFirstValue(ClaimTypes.NameIdentifier));
        return RedirectToPage("/SignIn");
    }
}
