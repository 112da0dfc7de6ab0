using System.Security.Claims;
using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Admin.Identity.Sessions;

/// Sessions live in PostgreSQL, and the cookie only names one: every node knows them, and signing out ends them everywhere.
internal sealed class SessionStore(NpgsqlDataSource db, IOptions<AdminOptions> options) : ITicketStore
{
    /// The property of a ticket by which its person may end it.
    public const string SessionId = "session";

    public Task<string> StoreAsync(AuthenticationTicket ticket) => StoreAsync(ticket, null, CancellationToken.None);

    Task<string> ITicketStore.StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        StoreAsync(ticket, httpContext, cancellationToken);

    public async Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext? context, CancellationToken ct)
    {
        var key = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var id = Guid.CreateVersion7();
        ticket.Properties.Items[SessionId] = id.ToString();
        await ExecuteAsync(Sql.Store, new
        {
            digest = Digest(key),
            id,
            userId = Guid.Parse(ticket.Principal.FindFirstValue(ClaimTypes.NameIdentifier)!), // Identity always sets it
            ticket = Bytes(ticket),
            expiresAt = ticket.Properties.ExpiresUtc,
            address = Visit.Address(context?.Connection.RemoteIpAddress),
            browser = Visit.Browser(context?.Request.Headers.UserAgent),
        }, ct);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => RenewAsync(key, ticket, CancellationToken.None);

    public Task RenewAsync(string key, AuthenticationTicket ticket, CancellationToken ct)
    {
        // A ticket without it comes from a sign-in: that one must not take over a session which began as somebody else's.
        if (!ticket.Properties.Items.ContainsKey(SessionId)) throw new InvalidOperationException("A session begins only where a page says [StartsSession].");
        return ExecuteAsync(Sql.Renew, new { digest = Digest(key), ticket = Bytes(ticket), expiresAt = ticket.Properties.ExpiresUtc }, ct);
    }

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, byPerson: false, CancellationToken.None);

    Task<AuthenticationTicket?> ITicketStore.RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken) =>
        RetrieveAsync(key, !SessionCookie.IsBackground(httpContext.Request), cancellationToken);

    public Task RemoveAsync(string key) => RemoveAsync(key, CancellationToken.None);

    public Task RemoveAsync(string key, CancellationToken ct) => ExecuteAsync(Sql.Remove, new { digest = Digest(key) }, ct);

    private async Task<AuthenticationTicket?> RetrieveAsync(string key, bool byPerson, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var ticket = await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            Sql.Retrieve, new { digest = Digest(key), lifetime = options.Value.SessionLifetime, byPerson }, cancellationToken: ct));
        return ticket is null ? null : TicketSerializer.Default.Deserialize(ticket);
    }

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
            insert into staff_sessions (digest, id, user_id, ticket, expires_at, address, browser)
            values (@digest, @id, @userId, @ticket, @expiresAt, @address, @browser)
            """;

        public const string Renew = """
            update staff_sessions set ticket = @ticket, expires_at = @expiresAt where digest = @digest
            """;

        // "Last seen" is told in minutes: a click writes at most one row a minute.
        public const string Retrieve = """
            with seen as (
                update staff_sessions set seen_at = now()
                where digest = @digest and @byPerson and seen_at < now() - interval '1 minute'
            )
            select ticket
            from staff_sessions
            where digest = @digest and expires_at > now() and created_at > now() - @lifetime::interval
            """;

        public const string Remove = """
            delete from staff_sessions where digest = @digest
            """;
    }
}
