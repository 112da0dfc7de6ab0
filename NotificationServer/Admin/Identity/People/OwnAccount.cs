using System.Net;
using Microsoft.AspNetCore.Identity;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Identity.People;

internal enum PasswordCheck
{
    Right,
    Wrong,
    TooManyTries,
}

/// What a person does with their own account. The session that does it goes on; the others end.
internal sealed class OwnAccount(AdminDb db, UserManager<StaffMember> staff, SignInManager<StaffMember> sessions, SignInThrottle throttle, PasswordTurns turns)
{
    /// Before anything that a session left open must not be enough for. Wrong ones count as they do at the sign-in.
    public async Task<PasswordCheck> CheckAsync(StaffMember person, string? password, IPAddress? ip, CancellationToken ct)
    {
        var account = person.Email ?? "";
        if (!await throttle.TakeTryAsync(account, ip, ct)) return PasswordCheck.TooManyTries;
        if (password is not { Length: > 0 and <= 256 } || !await turns.TakeAsync(() => staff.CheckPasswordAsync(person, password), ct)) return PasswordCheck.Wrong;
        await throttle.SucceededAsync(account, ip, ct);
        return PasswordCheck.Right;
    }

    public static string Words(PasswordCheck check) => check switch
    {
        PasswordCheck.Right => "",
        PasswordCheck.Wrong => "This is not your password.",
        PasswordCheck.TooManyTries => "Too many tries. Wait a quarter of an hour, then try again.",
    };

    public async Task<IdentityResult> ChangePasswordAsync(StaffMember person, string current, string next, Guid? session, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await staff.ChangePasswordAsync(person, current, next); // with a new stamp: trusted devices are forgotten
        if (!changed.Succeeded) return changed;
        await SessionList.EndAllAsync(db.Connection, person.Id, session, ct);
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.password", Staff.Target(person)), ct);
        await transaction.CommitAsync(ct);
        await sessions.RefreshSignInAsync(person);
        return changed;
    }

    public async Task RenameAsync(StaffMember person, string? name, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var before = person.FullName;
        person.FullName = string.IsNullOrWhiteSpace(name) ? null : name.Trim();
        if (!(await staff.UpdateAsync(person)).Succeeded) throw new StaffChangedMeanwhileException();
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.rename", Staff.Target(person))
        {
            Before = new() { ["name"] = before }, After = new() { ["name"] = person.FullName },
        }, ct);
        await transaction.CommitAsync(ct);
    }

    public async Task<int> EndOtherSessionsAsync(StaffMember person, Guid? session, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var ended = await SessionList.EndAllAsync(db.Connection, person.Id, session, ct);
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.end_sessions", Staff.Target(person)) { After = new() { ["sessions_ended"] = ended } }, ct);
        await transaction.CommitAsync(ct);
        return ended;
    }
}
