using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity.SecondFactor;

namespace NotificationServer.Admin.Pages;

/// A cookie, read by the server, so that the right colours are there with the first byte and without a script.
[OpenBeforeEnrolment]
internal sealed class ThemeModel : PageModel
{
    public const string CookieName = "ns-theme";

    public IActionResult OnGet() => RedirectToPage("/Index");

    public IActionResult OnPost(string? theme, string? returnUrl)
    {
        if (theme is "light" or "dark")
        {
            Response.Cookies.Append(CookieName, theme, new CookieOptions
            {
                HttpOnly = true, IsEssential = true, MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = Request.IsHttps,
            });
        }
        else
        {
            Response.Cookies.Delete(CookieName);
        }

        return LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : Url.Page("/Index")!); // the page exists
    }
}
