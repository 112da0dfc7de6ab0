using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Identity.SecondFactor;

/// A key for somebody's authenticator app. <see cref="Sealed"/> comes back with the first code: nothing is stored before that one is right.
internal sealed record Enrolment(string Key, string Sealed)
{
    /// As people type it.
    public string Grouped => string.Join(' ', Key.Chunk(4).Select(group => new string(group)));
}

/// Setting up, checking and giving up the second factor.
internal sealed class SecondFactors(
    AdminDb db, UserManager<StaffMember> staff, IUserStore<StaffMember> store, UsedCodes used, IDataProtectionProvider protection, SignInManager<StaffMember> sessions)
{
    public const int RecoveryCodes = 10;

    private static readonly TimeSpan ToEnrol = TimeSpan.FromMinutes(30);

    private readonly IUserAuthenticatorKeyStore<StaffMember> keys = (IUserAuthenticatorKeyStore<StaffMember>)store;

    public Enrolment Offer(StaffMember person, string? sealedKey = null)
    {
        var key = sealedKey is null ? null : Unseal(person, sealedKey);
        key ??= staff.GenerateNewAuthenticatorKey();
        return new Enrolment(key, Seal(person).Protect(key, ToEnrol));
    }

    /// The recovery codes, which are shown once; null: the code is not that of the key. Ends the person's other sessions.
    public async Task<IReadOnlyList<string>?> EnrolAsync(StaffMember person, string sealedKey, string code, Guid? session, CancellationToken ct)
    {
        if (person.TwoFactorEnabled || Unseal(person, sealedKey) is not { } key) return null;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await keys.SetAuthenticatorKeyAsync(person, key, ct);
        if (!await IsRightAsync(person, code, ct)) return null;

        Require(await staff.SetTwoFactorEnabledAsync(person, true)); // which ends sessions by its new stamp
        var codes = await staff.GenerateNewTwoFactorRecoveryCodesAsync(person, RecoveryCodes);
        await SessionList.EndAllAsync(db.Connection, person.Id, session, ct);
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.second_factor_on", Staff.Target(person)), ct);
        await transaction.CommitAsync(ct);
        await sessions.RefreshSignInAsync(person);
        return [.. codes ?? []];
    }

    /// Right, and not used before: a code that was looked at over a shoulder is worth nothing.
    public async Task<bool> IsRightAsync(StaffMember person, string code, CancellationToken ct)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        return digits.Length == 6
            && await staff.VerifyTwoFactorTokenAsync(person, TokenOptions.DefaultAuthenticatorProvider, digits)
            && await used.TakeAsync(person.Id, digits, ct);
    }

    public async Task<bool> RedeemAsync(StaffMember person, string recoveryCode, CancellationToken ct)
    {
        var given = recoveryCode.Trim().ToUpperInvariant();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!(await staff.RedeemTwoFactorRecoveryCodeAsync(person, given)).Succeeded) return false;
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.recovery_code_used", Staff.Target(person))
        {
            After = new() { ["left"] = await staff.CountRecoveryCodesAsync(person) },
        }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    public async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(StaffMember person, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var codes = await staff.GenerateNewTwoFactorRecoveryCodesAsync(person, RecoveryCodes);
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.recovery_codes_made", Staff.Target(person)), ct);
        await transaction.CommitAsync(ct);
        return [.. codes ?? []];
    }

    /// The person themself, who stays signed in; a remembered device is forgotten with it.
    public async Task TurnOffAsync(StaffMember person, Guid? session, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await ForgetAsync(person, ct);
        await SessionList.EndAllAsync(db.Connection, person.Id, session, ct);
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.second_factor_off", Staff.Target(person)), ct);
        await transaction.CommitAsync(ct);
        await sessions.RefreshSignInAsync(person);
    }

    /// Within a transaction of the caller's.
    public async Task ForgetAsync(StaffMember person, CancellationToken ct)
    {
        foreach (var name in new[] { "AuthenticatorKey", "RecoveryCodes" }) // as Identity's store calls them
            await ((IUserAuthenticationTokenStore<StaffMember>)store).RemoveTokenAsync(person, "[AspNetUserStore]", name, ct);
        Require(await staff.SetTwoFactorEnabledAsync(person, false));
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded) throw new StaffChangedMeanwhileException();
    }

    private ITimeLimitedDataProtector Seal(StaffMember person) =>
        protection.CreateProtector("NotificationServer.Admin.Enrolment", person.Id.ToString()).ToTimeLimitedDataProtector();

    private string? Unseal(StaffMember person, string sealedKey)
    {
        try
        {
            return Seal(person).Unprotect(sealedKey);
        }
        catch (CryptographicException)
        {
            return null;                                 // too old, somebody else's, or made up
        }
    }
}
