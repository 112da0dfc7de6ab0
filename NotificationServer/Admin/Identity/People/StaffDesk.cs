using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NotificationServer.Admin.Identity.SecondFactor;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Identity.People;

internal enum StaffChange
{
    Done,
    NotFound,
    /// Nobody would be left who can let anybody in.
    LastAdministrator,
    /// Somebody else changed the person at the same moment.
    Conflict,
}

/// What administrators do with the accounts of others. One at a time over all nodes, so that two of them who demote each other at
/// the same moment do not leave the server without any.
internal sealed class StaffDesk(AdminDb db, UserManager<StaffMember> staff, SecondFactors factors)
{
    // No time zone takes it out of the calendar.
    private static readonly DateTimeOffset ForEver = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Task<StaffChange> SetRolesAsync(Guid id, IReadOnlyCollection<string> wanted, string actor, CancellationToken ct) => ChangeAsync(id, async person =>
    {
        var held = await staff.GetRolesAsync(person);
        if (held.ToHashSet().SetEquals(wanted)) return null;
        Require(await staff.RemoveFromRolesAsync(person, held.Except(wanted)));
        Require(await staff.AddToRolesAsync(person, wanted.Except(held)));
        Require(await staff.UpdateSecurityStampAsync(person)); // their sessions learn of it within a minute
        return new AuditEntry(actor, "staff.roles", Staff.Target(person)) { Before = new() { ["roles"] = held }, After = new() { ["roles"] = wanted } };
    }, ct);

    public Task<StaffChange> DisableAsync(Guid id, string actor, string? reason, CancellationToken ct) => ChangeAsync(id, async person =>
    {
        person.LockoutEnabled = true;
        Require(await staff.SetLockoutEndDateAsync(person, ForEver));
        Require(await staff.UpdateSecurityStampAsync(person));
        await db.Connection.ExecuteAsync(new CommandDefinition(Sql.ForgetResets, new { id }, cancellationToken: ct));
        return new AuditEntry(actor, "staff.disable", Staff.Target(person))
        {
            Reason = reason, After = new() { ["sessions_ended"] = await SessionList.EndAllAsync(db.Connection, id, but: null, ct) },
        };
    }, ct);

    public Task<StaffChange> EnableAsync(Guid id, string actor, CancellationToken ct) => ChangeAsync(id, async person =>
    {
        Require(await staff.SetLockoutEndDateAsync(person, null));
        return new AuditEntry(actor, "staff.enable", Staff.Target(person));
    }, ct);

    public Task<StaffChange> EndSessionsAsync(Guid id, string actor, CancellationToken ct) => ChangeAsync(id, async person => new AuditEntry(actor, "staff.end_sessions", Staff.Target(person))
    {
        After = new() { ["sessions_ended"] = await SessionList.EndAllAsync(db.Connection, id, but: null, ct) },
    }, ct);

    /// For somebody who lost their telephone and the recovery codes: they set it up anew, where their role asks for it, at the next sign-in.
    public Task<StaffChange> ResetSecondFactorAsync(Guid id, string actor, CancellationToken ct) => ChangeAsync(id, async person =>
    {
        await factors.ForgetAsync(person, ct);
        await SessionList.EndAllAsync(db.Connection, id, but: null, ct);
        return new AuditEntry(actor, "staff.second_factor_reset", Staff.Target(person));
    }, ct);

    /// `change` says what it did; null: nothing was to do.
    private async Task<StaffChange> ChangeAsync(Guid id, Func<StaffMember, Task<AuditEntry?>> change, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlRawAsync(Sql.OneAtATime, ct);
        if (await staff.FindByIdAsync(id.ToString()) is not { } person) return StaffChange.NotFound;
        await db.Entry(person).ReloadAsync(ct);          // as it is behind the lock, not as this request read it before
        try
        {
            if (await change(person) is not { } entry) return StaffChange.Done;
            if (!await db.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsAdministered, cancellationToken: ct))) return StaffChange.LastAdministrator;
            await db.AuditAsync(entry, ct);
        }
        catch (StaffChangedMeanwhileException)
        {
            return StaffChange.Conflict;                 // rolled back
        }
        await transaction.CommitAsync(ct);
        return StaffChange.Done;
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded) throw new StaffChangedMeanwhileException();
    }

    internal static class Sql
    {
        public const string OneAtATime = """
            select pg_advisory_xact_lock(hashtext('staff'))
            """;

        public const string IsAdministered = """
            select exists (
                select from staff_roles held
                join roles on roles.id = held.role_id and roles.name = 'Administrator'
                join staff on staff.id = held.user_id
                where staff.lockout_end is null or staff.lockout_end <= now())
            """;

        public const string ForgetResets = """
            delete from staff_resets where user_id = @id
            """;
    }
}
