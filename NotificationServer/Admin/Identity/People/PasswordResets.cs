using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Identity.People;

/// A new password for somebody who does not know the old one: by a link that works once, for an hour.
internal sealed class PasswordResets(AdminDb db, UserManager<StaffMember> staff, IOptions<AdminOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan BetweenMails = TimeSpan.FromMinutes(5);

    /// Asked for at the sign-in page. Null: nobody here may have one, or has just had one.
    public async Task<string?> AskAsync(string email, CancellationToken ct)
    {
        var person = await staff.FindByEmailAsync(email);
        // Who has no password comes in by the company's own sign-in: a mailbox is no way around that.
        if (person is not { PasswordHash: not null } || person.IsDisabled(clock.GetUtcNow())) return null;
        await db.Database.OpenConnectionAsync(ct);
        return await IssueAsync(person.Id, madeBy: null, BetweenMails, ct);
    }

    /// An administrator makes it for somebody. Null: there is no such person, or they are disabled.
    public async Task<string?> MakeAsync(Guid userId, string actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await staff.FindByIdAsync(userId.ToString()) is not { } person || person.IsDisabled(clock.GetUtcNow())) return null;
        var token = await IssueAsync(userId, actor, TimeSpan.Zero, ct);
        await db.AuditAsync(new AuditEntry(actor, "staff.reset_link", Staff.Target(person)), ct);
        await transaction.CommitAsync(ct);
        return token;
    }

    public async Task<bool> IsGoodAsync(string? token, CancellationToken ct)
    {
        if (token is null) return false;
        await db.Database.OpenConnectionAsync(ct);
        return await db.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsGood, new { digest = LinkToken.Digest(token) }, cancellationToken: ct));
    }

    /// Null: the link is used up, too old or never was one. A refused password uses nothing up. All sessions of the person end.
    public async Task<IdentityResult?> UseAsync(string token, string password, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var userId = await db.Connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(Sql.Use, new { digest = LinkToken.Digest(token) }, cancellationToken: ct));
        if (userId is null || await staff.FindByIdAsync(userId.Value.ToString()) is not { } person || person.IsDisabled(clock.GetUtcNow())) return null;

        if (person.PasswordHash is not null) await staff.RemovePasswordAsync(person);
        var changed = await staff.AddPasswordAsync(person, password); // with a new stamp, which ends sessions and trusted devices
        if (!changed.Succeeded) return changed;
        await SessionList.EndAllAsync(db.Connection, person.Id, but: null, ct);
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.password_reset", Staff.Target(person)), ct);
        await transaction.CommitAsync(ct);
        return changed;
    }

    private async Task<string?> IssueAsync(Guid userId, string? madeBy, TimeSpan notWithin, CancellationToken ct)
    {
        var token = LinkToken.New();
        var issued = await db.Connection.ExecuteAsync(new CommandDefinition(Sql.Issue,
            new { userId, digest = LinkToken.Digest(token), madeBy, lifetime = options.Value.ResetLifetime, notWithin }, cancellationToken: ct));
        return issued == 1 ? token : null;
    }

    internal static class Sql
    {
        // The newest replaces the one before, but nobody fills somebody's mailbox, or makes the link in it useless, by asking over and over.
        public const string Issue = """
            insert into staff_resets as r (user_id, digest, made_by, expires_at)
            values (@userId, @digest, @madeBy, now() + @lifetime::interval)
            on conflict (user_id) do update
            set digest = excluded.digest, made_by = excluded.made_by, made_at = now(), expires_at = excluded.expires_at
            where r.made_at <= now() - @notWithin::interval
            """;

        public const string IsGood = """
            select exists (select from staff_resets where digest = @digest and expires_at > now())
            """;

        public const string Use = """
            delete from staff_resets where digest = @digest and expires_at > now()
            returning user_id
            """;
    }
}
