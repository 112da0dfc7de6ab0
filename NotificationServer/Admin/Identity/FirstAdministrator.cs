using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace NotificationServer.Admin.Identity;

/// Nobody is born with an account. The first administrator is created once: by this server in Development, else by the person
/// who can read its log and so has the set-up token.
internal sealed class FirstAdministrator(AdminDb db, UserManager<StaffMember> staff)
{
    public async Task<string> IssueTokenAsync(CancellationToken ct)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        await db.Database.ExecuteSqlRawAsync(Sql.Issue, [new NpgsqlParameter("digest", Digest(token))], ct);
        return token;
    }

    /// With a token: only if it is one of ours. Without: whoever calls this has decided.
    public async Task<IdentityResult> CreateAsync(string email, string password, string? token, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlRawAsync(Sql.OneAtATime, ct);

        if (!await IsMissingAsync(ct))
            return Refuse("AdministratorExists", "There is an administrator already. Ask them to invite you.");
        if (token is not null && await db.Database.ExecuteSqlRawAsync(Sql.Use, [new NpgsqlParameter("digest", Digest(token))], ct) == 0)
            return Refuse("WrongToken", "This is not the token that the server printed at its last start.");

        var person = new StaffMember { Id = Guid.CreateVersion7(), UserName = email, Email = email, EmailConfirmed = true };
        var created = await staff.CreateAsync(person, password);
        if (created.Succeeded) created = await staff.AddToRoleAsync(person, Roles.Administrator);
        if (!created.Succeeded) return created;          // rolled back: the token can be used again

        await db.Database.ExecuteSqlRawAsync(Sql.Forget, ct);
        await transaction.CommitAsync(ct);
        return created;
    }

    public async Task<bool> IsMissingAsync(CancellationToken ct) =>
        !await (from membership in db.UserRoles
                join role in db.Roles on membership.RoleId equals role.Id
                where role.Name == Roles.Administrator
                select membership).AnyAsync(ct);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token.Trim()));

    private static IdentityResult Refuse(string code, string why) => IdentityResult.Failed(new IdentityError { Code = code, Description = why });

    internal static class Sql
    {
        public const string OneAtATime = """
            select pg_advisory_xact_lock(hashtext('first administrator'))
            """;

        // Every node prints its own at its start, and each works for a day.
        public const string Issue = """
            insert into setup_tokens (digest) values (@digest)
            """;

        public const string Use = """
            delete from setup_tokens where digest = @digest and created_at > now() - interval '1 day'
            """;

        public const string Forget = """
            delete from setup_tokens
            """;
    }
}
