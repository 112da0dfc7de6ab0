using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;

namespace NotificationServer.Admin.Pages;

/// Says the same, in the same time, whoever asks: who has an account here is nobody's business.
[AllowAnonymous]
internal sealed class ForgotModel(ForgottenPasswords forgotten, SignInThrottle throttle, StaffMail mail, StaffLinks links) : PageModel
{
    [BindProperty, Required, EmailAddress, StringLength(254)]
    public string? Email { get; set; }

    public bool IsAsked { get; private set; }

    public string? Problem { get; private set; }

    public string Time => links.ResetTime;

    public bool CanSend => mail.CanSend && links.Base is not null;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Email is null || !ModelState.IsValid)
        {
            Problem = "Enter your whole address.";
            return Page();
        }
        // Asking counts by network address, as a wrong password does. Who may not ask any more is told the same, and nothing is written.
        var email = Email.Trim();
        if (await throttle.TakeTryAsync($"forgotten password of {email}", HttpContext.Connection.RemoteIpAddress, ct)) forgotten.Ask(email);
        IsAsked = true;
        return Page();
    }
}
