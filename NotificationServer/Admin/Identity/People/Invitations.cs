using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Identity.People;

internal sealed record Invitation
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required string[] Roles { get; init; }
    public required string InvitedBy { get; init; }
    public required DateTimeOffset InvitedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public bool IsExpired { get; init; }
}

/// How somebody comes to an account: a link, made by an administrator, that works once. Only its digest is kept.
internal sealed class Invitations(AdminDb db, UserManager<StaffMember> staff, IOptions<AdminOptions> options)
{
    /// The token of the link; null: this address has an account or an invitation already.
    public async Task<string?> InviteAsync(string email, IReadOnlyCollection<string> roles, string actor, CancellationToken ct)
    {
        var token = LinkToken.New();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await staff.FindByEmailAsync(email) is not null) return null;
        var added = await ExecuteAsync(Sql.Add, new
        {
            id = Guid.CreateVersion7(), email, normalized = staff.NormalizeEmail(email), roles = roles.ToArray(), digest = LinkToken.Digest(token),
            actor, lifetime = options.Value.InvitationLifetime,
        }, ct);
        if (added == 0) return null;
        await db.AuditAsync(new AuditEntry(actor, "staff.invite", Staff.Target(email)) { After = new() { ["roles"] = roles } }, ct);
        await transaction.CommitAsync(ct);
        return token;
    }

    /// Another link for the same invitation; the former one works no more. Null: it is gone.
    public async Task<(Invitation Invitation, string Token)?> RenewAsync(Guid id, string actor, CancellationToken ct)
    {
        var token = LinkToken.New();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await QueryAsync(Sql.Renew, new { id, digest = LinkToken.Digest(token), lifetime = options.Value.InvitationLifetime }, ct) is not { } invitation) return null;
        await db.AuditAsync(new AuditEntry(actor, "staff.invite_again", Staff.Target(invitation.Email)), ct);
        await transaction.CommitAsync(ct);
        return (invitation, token);
    }

    public async Task<Invitation?> RevokeAsync(Guid id, string actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await QueryAsync(Sql.Revoke, new { id }, ct) is not { } invitation) return null;
        await db.AuditAsync(new AuditEntry(actor, "staff.invite_revoke", Staff.Target(invitation.Email)) { Before = new() { ["roles"] = invitation.Roles } }, ct);
        await transaction.CommitAsync(ct);
        return invitation;
    }

    /// Looking at the link uses nothing up: mail programs look at links too.
    public async Task<Invitation?> FindAsync(string? token, CancellationToken ct)
    {
        if (token is null) return null;
        await db.Database.OpenConnectionAsync(ct);
        return await QueryAsync(Sql.Find, new { digest = LinkToken.Digest(token) }, ct);
    }

    /// No person: the link is used up, too old or never was one. A refused password uses nothing up.
    public async Task<(StaffMember? Person, IdentityResult? Refused)> AcceptAsync(string token, string password, string? fullName, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await QueryAsync(Sql.Use, new { digest = LinkToken.Digest(token) }, ct) is not { } invitation) return default;

        var person = new StaffMember
        {
            Id = Guid.CreateVersion7(), UserName = invitation.Email, Email = invitation.Email, EmailConfirmed = true,
            FullName = string.IsNullOrWhiteSpace(fullName) ? null : fullName.Trim(),
        };
        var created = await staff.CreateAsync(person, password);
        if (created.Succeeded) created = await staff.AddToRolesAsync(person, invitation.Roles);
        if (!created.Succeeded) return (null, created);
        await db.AuditAsync(new AuditEntry(Staff.Actor(person), "staff.join", Staff.Target(person))
        {
            After = new() { ["roles"] = invitation.Roles, ["invited_by"] = invitation.InvitedBy },
        }, ct);
        await transaction.CommitAsync(ct);
        return (person, null);
    }

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken ct) =>
        db.Connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));

    private Task<Invitation?> QueryAsync(string sql, object parameters, CancellationToken ct) =>
        db.Connection.QuerySingleOrDefaultAsync<Invitation>(new CommandDefinition(sql, parameters, cancellationToken: ct));

    internal static class Sql
    {
        // One that is too old gives way to a new one.
        public const string Add = """
            with gone as (
                delete from staff_invitations where expires_at < now() - interval '90 days'
            )
            insert into staff_invitations as i (id, email, normalized_email, roles, digest, invited_by, expires_at)
            values (@id, @email, @normalized, @roles, @digest, @actor, now() + @lifetime::interval)
            on conflict (normalized_email) do update
            set id = excluded.id, email = excluded.email, roles = excluded.roles, digest = excluded.digest, invited_by = excluded.invited_by,
                invited_at = now(), expires_at = excluded.expires_at
            where i.expires_at <= now()
            """;

        public const string Renew = """
            update staff_invitations set digest = @digest, invited_at = now(), expires_at = now() + @lifetime::interval
            where id = @id
            returning id, email, roles, invited_by, invited_at, expires_at, false as is_expired
            """;

        public const string Revoke = """
            delete from staff_invitations where id = @id
            returning id, email, roles, invited_by, invited_at, expires_at, expires_at <= now() as is_expired
            """;

        public const string Find = """
            select id, email, roles, invited_by, invited_at, expires_at, false as is_expired
            from staff_invitations
            where digest = @digest and expires_at > now()
            """;

        public const string Use = """
            delete from staff_invitations where digest = @digest and expires_at > now()
            returning id, email, roles, invited_by, invited_at, expires_at, false as is_expired
            """;
    }
}
