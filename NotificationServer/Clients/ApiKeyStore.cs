using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Clients;

/// A key that somebody wants. Makes the client if there is none of that name.
internal sealed record KeyOrder(string Client, string Name, IReadOnlyCollection<string> Scopes)
{
    public bool Sandbox { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    /// Where it may be used from; empty: anywhere.
    public IReadOnlyList<string> Networks { get; init; } = [];
    /// Notifications a second; null: the server's default.
    public int? RateLimit { get; init; }
    public string Actor { get; init; } = "server";
    public string? Reason { get; init; }
}

/// What can be changed of a key that is in use. Not what it may do: that is another key.
internal sealed record KeyChange(string Name, int? RateLimit, IReadOnlyList<string> Networks);

/// The keys. What is revoked or changed here holds on every node within the age of its key cache (`Api:KeyCache`).
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
        public required string[] Networks { get; init; }
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

    public Task<ApiKeyText> IssueAsync(
        string client, string name, IReadOnlyCollection<string> scopes, bool sandbox, DateTimeOffset? expiresAt, CancellationToken ct) =>
        IssueAsync(new KeyOrder(client, name, scopes) { Sandbox = sandbox, ExpiresAt = expiresAt }, ct);

    /// The only moment at which anyone sees the secret.
    public async Task<ApiKeyText> IssueAsync(KeyOrder order, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var key = await AddAsync(connection, order, "api_key.create", ct);
        await transaction.CommitAsync(ct);
        return key;
    }

    /// A new key like the one there is, which goes on working until then: two at a time, not more. Null: there is no such key, it does not work any
    /// more, or another has taken its place already.
    public async Task<ApiKeyText?> RotateAsync(string id, DateTimeOffset until, string actor, string? reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var old = await connection.QuerySingleOrDefaultAsync<Told>(new CommandDefinition(Sql.Lock, new { id }, cancellationToken: ct));
        if (old is not { Live: true, ReplacedBy: null }) return null;
        var key = await AddAsync(connection, new KeyOrder(old.ClientName, old.Name, old.Scopes)
        {
            Sandbox = old.Sandbox, ExpiresAt = old.ExpiresAt, Networks = old.Networks, RateLimit = old.RateLimit, Actor = actor, Reason = reason,
        }, "api_key.create", ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Replace, new { id, by = key.Id, until }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "api_key.rotate", Target(id))
        {
            Before = new() { ["expires_at"] = old.ExpiresAt },
            After = new() { ["expires_at"] = old.ExpiresAt < until ? old.ExpiresAt : until, ["replaced_by"] = key.Id },
            Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        return key;
    }

    /// False: there is no such key, or it is revoked already.
    public async Task<bool> RevokeAsync(string id, string actor, string? reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var old = await connection.QuerySingleOrDefaultAsync<Told>(new CommandDefinition(Sql.Lock, new { id }, cancellationToken: ct));
        if (old is null || await connection.ExecuteAsync(new CommandDefinition(Sql.Revoke, new { id }, cancellationToken: ct)) == 0) return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "api_key.revoke", Target(id)) { Before = old.Words(), Reason = reason }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// False: there is no such key.
    public async Task<bool> ChangeAsync(string id, KeyChange change, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var old = await connection.QuerySingleOrDefaultAsync<Told>(new CommandDefinition(Sql.Lock, new { id }, cancellationToken: ct));
        if (old is null) return false;
        await connection.ExecuteAsync(new CommandDefinition(
            Sql.Change, new { id, change.Name, change.RateLimit, networks = change.Networks.ToArray() }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(actor, "api_key.change", Target(id))
        {
            Before = old.Words(), After = (old with { Name = change.Name, RateLimit = change.RateLimit, Networks = [.. change.Networks] }).Words(),
        }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    public async Task NoteUseAsync(string[] ids, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.NoteUse, new { ids }, cancellationToken: ct));
    }

    private async Task<ApiKeyText> AddAsync(NpgsqlConnection connection, KeyOrder order, string action, CancellationToken ct)
    {
        var key = ApiKeyText.New(order.Sandbox);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Issue, new
        {
            key.Id,
            clientId = Guid.CreateVersion7(),
            order.Client,
            order.Name,
            digest = key.Digest(secrets.Get(Pepper)),
            scopes = order.Scopes.ToArray(),
            order.Sandbox,
            order.ExpiresAt,
            networks = order.Networks.ToArray(),
            order.RateLimit,
            order.Actor,
        }, cancellationToken: ct));
        var told = new Told
        {
            ClientName = order.Client, Name = order.Name, Scopes = [.. order.Scopes], Sandbox = order.Sandbox, ExpiresAt = order.ExpiresAt,
            Networks = [.. order.Networks], RateLimit = order.RateLimit,
        };
        await AuditLog.AppendAsync(connection, new AuditEntry(order.Actor, action, Target(key.Id)) { After = told.Words(), Reason = order.Reason }, ct);
        return key;
    }

    private static string Target(string id) => $"api_key:{id}";

    /// Everything of a key but what opens the door.
    private sealed record Told
    {
        public required string ClientName { get; init; }
        public required string Name { get; init; }
        public required string[] Scopes { get; init; }
        public required bool Sandbox { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public int? RateLimit { get; init; }
        public required string[] Networks { get; init; }
        public bool Live { get; init; }
        public string? ReplacedBy { get; init; }

        public Dictionary<string, object?> Words() => new()
        {
            ["client"] = ClientName, ["name"] = Name, ["scopes"] = Scopes, ["sandbox"] = Sandbox, ["expires_at"] = ExpiresAt, ["rate_limit"] = RateLimit, ["networks"] = Networks,
        };
    }

    internal static class Sql
    {
        public const string Find = """
            select k.id, k.client_id, c.name as client_name, k.digest, k.scopes, k.sandbox, k.expires_at, k.rate_limit, k.networks,
                k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) as live
            from api_keys k join clients c on c.id = k.client_id
            where k.id = @id
            """;

        public const string Lock = """
            select c.name as client_name, k.name, k.scopes, k.sandbox, k.expires_at, k.rate_limit, k.networks, k.replaced_by,
                k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) as live
            from api_keys k join clients c on c.id = k.client_id
            where k.id = @id
            for no key update of k
            """;

        public const string AnyClient = "select exists (select from clients)";

        // The update that changes nothing is there to return the id of a client that exists already.
        public const string Issue = """
            with client as (
                insert into clients (id, name) values (@clientId, @Client)
                on conflict (name) do update set name = excluded.name
                returning id
            )
            insert into api_keys (id, client_id, name, digest, scopes, sandbox, expires_at, networks, rate_limit, created_by)
            select @Id, client.id, @Name, @digest, @scopes, @Sandbox, @ExpiresAt::timestamptz, @networks::text[], @RateLimit::integer, @Actor from client
            """;

        public const string Revoke = "update api_keys set revoked_at = now() where id = @id and revoked_at is null";

        public const string Replace = "update api_keys set expires_at = least(expires_at, @until), replaced_by = @by where id = @id";

        public const string Change = "update api_keys set name = @Name, rate_limit = @RateLimit::integer, networks = @networks::text[] where id = @id";

        public const string NoteUse = """
            update api_keys set last_used_at = now()
            where id = any(@ids) and (last_used_at is null or last_used_at < now() - interval '1 minute')
            """;
    }
}
