using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using NotificationServer.Admin.Identity.Sessions;

namespace NotificationServer.Admin.Identity.SecondFactor;

internal enum SecondStepStatus
{
    SignedIn,
    WrongCode,
    TooManyTries,
    /// The password was given too long ago, or something changed since.
    StartAgain,
}

/// Between the right password and the session: a code of the authenticator app, or one of the recovery codes.
internal sealed class SecondStep(
    SignInManager<StaffMember> sessions, UserManager<StaffMember> staff, SecondFactors factors, SignInThrottle throttle, SessionStart start, ILogger<SecondStep> log)
{
    /// Whether this person, at this browser, has to show a second factor.
    public async Task<bool> IsWantedAsync(StaffMember person)
    {
        if (!person.TwoFactorEnabled) return false;
        var device = await sessions.Context.AuthenticateAsync(IdentityConstants.TwoFactorRememberMeScheme);
        return device.Principal is not { } known || (await sessions.ValidateTwoFactorSecurityStampAsync(known))?.Id != person.Id;
    }

    /// The password was right: remembered in a cookie that opens nothing but the next step.
    public Task WaitAsync(StaffMember person)
    {
        var halfway = new ClaimsIdentity(IdentityConstants.TwoFactorUserIdScheme);
        halfway.AddClaim(new Claim(ClaimTypes.Name, person.Id.ToString()));
        halfway.AddClaim(new Claim(staff.Options.ClaimsIdentity.SecurityStampClaimType, person.SecurityStamp ?? ""));
        return sessions.Context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(halfway));
    }

    /// Who gave the right password a moment ago; null: nobody did.
    public async Task<StaffMember?> WaitingAsync()
    {
        var halfway = await sessions.Context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
        var person = halfway.Principal is { } claims ? await sessions.ValidateTwoFactorSecurityStampAsync(claims) : null;
        return person is { TwoFactorEnabled: true } && !await staff.IsLockedOutAsync(person) ? person : null;
    }

    public async Task<SecondStepStatus> TryAsync(string code, bool remember, IPAddress? ip, CancellationToken ct)
    {
        if (await WaitingAsync() is not { } person) return SecondStepStatus.StartAgain;
        var account = $"second factor of {person.Id}";
        if (!await throttle.TakeCodeTryAsync(account, ip, ct)) return Refuse(SecondStepStatus.TooManyTries);

        // Six digits are a code; whatever else is a recovery code.
        var digits = code.Count(char.IsAsciiDigit) == 6 && code.All(c => char.IsAsciiDigit(c) || c == ' ');
        if (!(digits ? await factors.IsRightAsync(person, code, ct) : await factors.RedeemAsync(person, code, ct)))
            return Refuse(SecondStepStatus.WrongCode);

        await throttle.SucceededAsync(account, ip, ct);
        if (remember) await sessions.RememberTwoFactorClientAsync(person);
        await start.BeginAsync(person, SessionStart.TwoFactors, ct);
        return SecondStepStatus.SignedIn;
    }

    private SecondStepStatus Refuse(SecondStepStatus status)
    {
        Log.SignInRefused(log, status == SecondStepStatus.TooManyTries ? "too many codes" : "wrong code");
        return status;
    }
}
