using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Admin.Identity.SecondFactor;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages.Me;

/// Setting up the authenticator app, new recovery codes, and giving it up. Whose role asks for it sees nothing else before it is there.
[Authorize(Policies.SignedIn), OpenBeforeEnrolment]
internal sealed class SecondFactorModel(
    UserManager<StaffMember> staff, SecondFactors factors, OwnAccount own, SessionList sessions, SignInThrottle throttle) : PageModel
{
    private const string Issuer = "Notification Server";

    // Who has just given the password is not asked for it again: setting it up right after the sign-in, as roles ask for it, stays one step.
    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(10);

    [BindProperty, StringLength(40)] public string? Code { get; set; }
    [BindProperty, StringLength(2000)] public string? Sealed { get; set; }
    [BindProperty, StringLength(256)] public string? Password { get; set; }

    public StaffMember Person { get; private set; } = null!; // every handler sets it or sends to the sign-in
    public Enrolment? Enrolment { get; private set; }
    public int CodesLeft { get; private set; }
    /// An open session alone must not give somebody else's telephone to the account.
    public bool IsPasswordAsked { get; private set; }
    /// Shown once, right after they were made.
    public IReadOnlyList<string> Codes { get; private set; } = [];
    public bool IsDemanded => SecondFactorRequirement.IsMissing(User);
    public bool HasPassword => Person.PasswordHash is not null;

    public string Link => $"otpauth://totp/{UrlEncoder.Default.Encode(Issuer)}:{UrlEncoder.Default.Encode(Person.Email ?? "")}"
        + $"?secret={Enrolment?.Key}&issuer={UrlEncoder.Default.Encode(Issuer)}&digits=6";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ReadAsync(ct) ? Show() : Gone();

    public async Task<IActionResult> OnPostEnrolAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return Gone();
        if (Person.TwoFactorEnabled || !HasPassword) return RedirectToPage();
        if (IsPasswordAsked && !await IsConfirmedAsync(ct)) return Show();
        var account = $"enrolment of {Person.Id}";
        var ip = HttpContext.Connection.RemoteIpAddress;
        if (!await throttle.TakeCodeTryAsync(account, ip, ct)) return Refuse("Too many tries. Wait a quarter of an hour, then try again.");
        if (await factors.EnrolAsync(Person, Sealed ?? "", Code ?? "", await CurrentSession.IdAsync(HttpContext), ct) is not { } codes)
            return Refuse("This code is not right. Wait for the next one and type that; the clock of your telephone must be right.");
        await throttle.SucceededAsync(account, ip, ct);
        Codes = codes;
        return Page();
    }

    public async Task<IActionResult> OnPostCodesAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return Gone();
        if (!Person.TwoFactorEnabled || !await IsConfirmedAsync(ct)) return Show();
        Codes = await factors.NewRecoveryCodesAsync(Person, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostOffAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return Gone();
        if (!Person.TwoFactorEnabled || !await IsConfirmedAsync(ct)) return Show();
        await factors.TurnOffAsync(Person, await CurrentSession.IdAsync(HttpContext), ct);
        this.Say("The second factor is off. Set it up again with the same or another telephone.", "warn");
        return RedirectToPage();
    }

    private async Task<bool> IsConfirmedAsync(CancellationToken ct)
    {
        if (string.IsNullOrEmpty(Password))              // a page that was open for long did not ask yet: no guess
        {
            ModelState.AddModelError(nameof(Password), "Enter your password.");
            return false;
        }
        var check = await own.CheckAsync(Person, Password, HttpContext.Connection.RemoteIpAddress, ct);
        if (check != PasswordCheck.Right) ModelState.AddModelError(nameof(Password), OwnAccount.Words(check));
        return check == PasswordCheck.Right;
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (await staff.GetUserAsync(User) is not { } person) return false;
        Person = person;
        CodesLeft = person.TwoFactorEnabled ? await staff.CountRecoveryCodesAsync(person) : 0;
        IsPasswordAsked = !await sessions.IsYoungAsync(person.Id, await CurrentSession.IdAsync(HttpContext), JustNow, ct);
        return true;
    }

    private PageResult Show()
    {
        if (!Person.TwoFactorEnabled) Enrolment = factors.Offer(Person, Sealed);
        ModelState.Remove(nameof(Sealed));               // the form shows the new one
        return Page();
    }

    private PageResult Refuse(string why)
    {
        ModelState.AddModelError(nameof(Code), why);
        return Show();
    }

    private RedirectToPageResult Gone() => RedirectToPage("/SignIn");
}
