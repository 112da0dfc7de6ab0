using System.Security.Claims;
using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Admin.Identity;

/// Sessions live in PostgreSQL, and the cookie only names one: every node knows them, and signing out ends them everywhere.
internal sealed class SessionStore(NpgsqlDataSource db, IOptions<AdminOptions> options) : ITicketStore
{
    public Task<string> StoreAsync(AuthenticationTicket ticket) => StoreAsync(ticket, CancellationToken.None);

    public async Task<string> StoreAsync(AuthenticationTicket ticket, CancellationToken ct)
    {
        var key = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var userId = Guid.Parse(ticket.Principal.FindFirstValue(ClaimTypes.NameIdentifier)!); // Identity always sets it
        await ExecuteAsync(Sql.Store, new { digest = Digest(key), userId, ticket = Bytes(ticket), expiresAt = ticket.Properties.ExpiresUtc }, ct);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => RenewAsync(key, ticket, CancellationToken.None);

    public Task RenewAsync(string key, AuthenticationTicket ticket, CancellationToken ct) =>
        ExecuteAsync(Sql.Renew, new { digest = Digest(key), ticket = Bytes(ticket), expiresAt = ticket.Properties.ExpiresUtc }, ct);

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var ticket = await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            Sql.Retrieve, new { digest = Digest(key), lifetime = options.Value.SessionLifetime }, cancellationToken: ct));
        return ticket is null ? null : TicketSerializer.Default.Deserialize(ticket);
    }

    public Task RemoveAsync(string key) => RemoveAsync(key, CancellationToken.None);

    public Task RemoveAsync(string key, CancellationToken ct) => ExecuteAsync(Sql.Remove, new { digest = Digest(key) }, ct);

    private async Task ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }

    private static byte[] Digest(string key) => SHA256.HashData(WebEncoders.Base64UrlDecode(key));

    private static byte[] Bytes(AuthenticationTicket ticket) => TicketSerializer.Default.Serialize(ticket);

    internal static class Sql
    {
        // A sign-in is rare: it pays for clearing away what has ended.
        public const string Store = """
            with ended as (
                delete from staff_sessions where expires_at < now() - interval '1 hour'
            )
            insert into staff_sessions (digest, user_id, ticket, expires_at)
            values (@digest, @userId, @ticket, @expiresAt)
            """;

        public const string Renew = """
            update staff_sessions set ticket = @ticket, expires_at = @expiresAt where digest = @digest
            """;

        public const string Retrieve = """
            select ticket
            from staff_sessions
            where digest = @digest and expires_at > now() and created_at > now() - @lifetime::interval
            """;

        public const string Remove = """
            delete from staff_sessions where digest = @digest
            """;
    }
}
