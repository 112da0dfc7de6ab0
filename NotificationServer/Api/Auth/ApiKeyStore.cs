using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Api.Auth;

internal sealed class ApiKeyStore(NpgsqlDataSource db, ServerSecrets secrets)
{
    public const string Pepper = "api_key_pepper";

    internal sealed record Row
    {
        public required string Id { get; init; }
        public required Guid ClientId { get; init; }
        public required string ClientName { get; init; }
        public required byte[] Digest { get; init; }
        public required string[] Scopes { get; init; }
        public required bool Sandbox { get; init; }
        public required bool Live { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public int? RateLimit { get; init; }
    }

    public async Task<Row?> FindAsync(string id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Sql.Find, new { id }, cancellationToken: ct));
    }

    public async Task<bool> AnyClientAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.AnyClient, cancellationToken: ct));
    }

    /// The only moment at which anyone sees the secret. Makes the client if there is none of that name.
    public async Task<ApiKeyText> IssueAsync(
        string client, string name, IReadOnlyCollection<string> scopes, bool sandbox, DateTimeOffset? expiresAt, CancellationToken ct)
    {
        var key = ApiKeyText.New(sandbox);
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Issue, new
        {
            key.Id,
            clientId = Guid.CreateVersion7(),
            client,
            name,
            digest = key.Digest(secrets.Get(Pepper)),
            scopes = scopes.ToArray(),
            sandbox,
            expiresAt,
        }, cancellationToken: ct));
        return key;
    }

    /// False: there is no such key. Takes effect on every node within the age of its key cache.
    public async Task<bool> RevokeAsync(string id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Revoke, new { id }, cancellationToken: ct)) == 1;
    }

    /// Notifications a second; null: the server's default. False: there is no such key.
    public async Task<bool> LimitAsync(string id, int? rateLimit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Limit, new { id, rateLimit }, cancellationToken: ct)) == 1;
    }

    public async Task NoteUseAsync(string[] ids, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.NoteUse, new { ids }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Find = """
            select k.id, k.client_id, c.name as client_name, k.digest, k.scopes, k.sandbox, k.expires_at, k.rate_limit,
                k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) as live
            from api_keys k join clients c on c.id = k.client_id
            where k.id = @id
            """;

        public const string AnyClient = "select exists (select from clients)";

        // The update that changes nothing is there to return the id of a client that exists already.
        public const string Issue = """
            with client as (
                insert into clients (id, name) values (@clientId, @client)
                on conflict (name) do update set name = excluded.name
                returning id
            )
            insert into api_keys (id, client_id, name, digest, scopes, sandbox, expires_at)
            select @id, client.id, @name, @digest, @scopes, @sandbox, @expiresAt::timestamptz from client
            """;

        public const string Revoke = "update api_keys set revoked_at = coalesce(revoked_at, now()) where id = @id";

        public const string Limit = "update api_keys set rate_limit = @rateLimit::integer where id = @id";

        public const string NoteUse = """
            update api_keys set last_used_at = now()
            where id = any(@ids) and (last_used_at is null or last_used_at < now() - interval '1 minute')
            """;
    }
}
