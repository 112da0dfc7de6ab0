using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.SecondFactor;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages;

/// The second step: opens only for somebody who gave the right password a moment ago.
[AllowAnonymous, StartsSession]
internal sealed class SignInCodeModel(SecondStep second, UserManager<StaffMember> staff, IOptions<AdminOptions> options) : PageModel
{
    private const int FewCodes = 3;

    [BindProperty, Required, StringLength(40)]
    public string? Code { get; set; }

    [BindProperty]
    public bool Remember { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string? Problem { get; private set; }

    public int Days => (int)options.Value.RememberDevice.TotalDays;

    public async Task<IActionResult> OnGetAsync() => await second.WaitingAsync() is null ? StartAgain() : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await second.WaitingAsync() is not { } person) return StartAgain();
        if (Code is null || !ModelState.IsValid) return Refuse("Enter the code.");

        switch (await second.TryAsync(Code, Remember, HttpContext.Connection.RemoteIpAddress, ct))
        {
            case SecondStepStatus.WrongCode:
                return Refuse("This code is not right, or it was used before. Wait for the next one.");
            case SecondStepStatus.TooManyTries:
                return Refuse("Too many tries. Wait a quarter of an hour, then try again.");
            case SecondStepStatus.StartAgain:
                return StartAgain();
            case SecondStepStatus.SignedIn:
                break;
        }
        if (await staff.CountRecoveryCodesAsync(person) is var left and <= FewCodes)
            this.Say(left == 0 ? "You have no recovery codes left. Make new ones under your name." : $"You have {left} recovery {Words.Plural(left, "code", "codes")} left. Make new ones under your name.", "warn");
        return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : Url.Page("/Index")!); // the page exists
    }

    private RedirectToPageResult StartAgain() => RedirectToPage("/SignIn", new { problem = "again", returnUrl = ReturnUrl });

    private PageResult Refuse(string why)
    {
        Problem = why;
        ModelState.Remove(nameof(Code));
        Code = null;
        return Page();
    }
}
