using System.Net;
using Microsoft.AspNetCore.Identity;
using NotificationServer.Admin.Identity.SecondFactor;
using NotificationServer.Admin.Identity.Sessions;

namespace NotificationServer.Admin.Identity;

internal enum SignInStatus
{
    SignedIn,
    /// The password is right, and a code is asked for next.
    CodeWanted,
    WrongNameOrPassword,
    TooManyTries,
}

/// Address and password in, session out. Says the same, in the same time, of a wrong password and of an unknown address.
internal sealed class SignIn(
    UserManager<StaffMember> staff, SignInThrottle throttle, PasswordTurns turns, SecondStep second, SessionStart start, ILogger<SignIn> log)
{
    public async Task<SignInStatus> TryAsync(string email, string password, IPAddress? ip, CancellationToken ct)
    {
        if (!await throttle.TakeTryAsync(email, ip, ct)) return Refuse(SignInStatus.TooManyTries);

        var person = await staff.FindByEmailAsync(email);
        if (!await turns.TakeAsync(() => IsRightAsync(person, password), ct) || person is null) return Refuse(SignInStatus.WrongNameOrPassword);

        await throttle.SucceededAsync(email, ip, ct);
        if (await second.IsWantedAsync(person))
        {
            await second.WaitAsync(person);
            return SignInStatus.CodeWanted;
        }
        await start.BeginAsync(person, SessionStart.Password, ct);
        return SignInStatus.SignedIn;
    }

    // Disabling an account is a lock-out without an end; wrong passwords never lock (that is the throttle's work).
    private async Task<bool> IsRightAsync(StaffMember? person, string password)
    {
        if (person?.PasswordHash is not null) return await staff.CheckPasswordAsync(person, password) && !await staff.IsLockedOutAsync(person);
        staff.PasswordHasher.HashPassword(new StaffMember(), password); // takes as long
        return false;
    }

    private SignInStatus Refuse(SignInStatus status)
    {
        Log.SignInRefused(log, status == SignInStatus.TooManyTries ? "too many tries" : "wrong name or password");
        return status;
    }
}
