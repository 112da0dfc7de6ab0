using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;

namespace NotificationServer.Tests.Admin.Identity;

/// People who work with the admin app, as they stand in the database after they accepted an invitation.
internal static class Colleagues
{
    public const string Password = "seven quiet herons wade";

    public static async Task<Guid> AddAsync(this AdminServer server, string email, params string[] roles)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var staff = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
        var person = new StaffMember { Id = Guid.CreateVersion7(), UserName = email, Email = email, EmailConfirmed = true };
        Assert.True((await staff.CreateAsync(person, Password)).Succeeded);
        Assert.True((await staff.AddToRolesAsync(person, roles)).Succeeded);
        return person.Id;
    }

    public static async Task<AdminClient> SignedInAsAsync(this AdminServer server, string email)
    {
        var client = server.Client();
        Assert.Equal("/admin", (await client.SignInAsync(email, Password)).Headers.Location?.ToString());
        return client;
    }

    /// Added and signed in.
    public static async Task<AdminClient> HasAsync(this AdminServer server, string email, params string[] roles)
    {
        await server.AddAsync(email, roles);
        return await server.SignedInAsAsync(email);
    }

    /// What the audit log says of somebody, oldest first, in one text.
    public static async Task<string> AuditOfAsync(this AdminServer server, string email)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        return string.Join('\n', await connection.QueryAsync<string>("""
            select actor || ' ' || action || ' ' || coalesce(before::text, '') || ' ' || coalesce(after::text, '') || ' ' || coalesce(reason, '')
            from audit_log where target = 'staff:' || @email order by id
            """, new { email }));
    }

    public static async Task<T?> AskAsync<T>(this AdminServer server, string sql, object? parameters = null)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }
}
