using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Tracking.Webhooks;

/// What a person wants an endpoint to be.
internal sealed record EndpointWish(string Url, string[] EventTypes, string? Description, bool Enabled);

/// Endpoints, for those who own them: another's is as unknown as one that there is not.
internal sealed class EndpointStore(NpgsqlDataSource db, WebhookSecrets secrets, IOptions<WebhooksOptions> options)
{
    /// Null: the client has as many as it may. The secret is told here and nowhere again.
    public async Task<(WebhookEndpoint Endpoint, byte[] Secret)?> CreateAsync(EndpointOwner owner, EndpointWish wish, CancellationToken ct)
    {
        var (id, secret) = (Guid.CreateVersion7(), WebhookSecrets.Create());
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stored = await connection.QuerySingleOrDefaultAsync<WebhookEndpoint>(new CommandDefinition(Sql.Insert, new
        {
            id, owner.ClientId, owner.Sandbox, wish.Url, wish.EventTypes, wish.Description, wish.Enabled, owner.Actor,
            secret = secrets.Seal(id, secret), key = secrets.ActiveKey, most = options.Value.EndpointsPerClient,
        }, cancellationToken: ct));
        if (stored is null) return null;
        await FinishAsync(connection, transaction, owner, "create", null, stored, ct);
        return (stored, secret);
    }

    public async Task<WebhookEndpoint?> FindAsync(EndpointOwner owner, Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<WebhookEndpoint>(
            new CommandDefinition(Sql.Find, new { id, owner.ClientId, owner.Sandbox }, cancellationToken: ct));
    }

    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(EndpointOwner owner, Guid? after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<WebhookEndpoint>(
            new CommandDefinition(Sql.Page, new { owner.ClientId, owner.Sandbox, after, limit }, cancellationToken: ct))).AsList();
    }

    /// Null: it is not of this version any more. Enabled again, an endpoint begins with a clean slate.
    public async Task<WebhookEndpoint?> ReplaceAsync(EndpointOwner owner, Guid id, EndpointWish wish, int version, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await connection.QuerySingleOrDefaultAsync<WebhookEndpoint>(
            new CommandDefinition(Sql.FindForUpdate, new { id, owner.ClientId, owner.Sandbox }, cancellationToken: ct));
        var stored = await connection.QuerySingleOrDefaultAsync<WebhookEndpoint>(new CommandDefinition(Sql.Replace, new
        {
            id, owner.ClientId, owner.Sandbox, wish.Url, wish.EventTypes, wish.Description, wish.Enabled, version,
        }, cancellationToken: ct));
        if (stored is null) return null;
        if (stored.Enabled) await connection.ExecuteAsync(new CommandDefinition(Sql.ClearAlert, new { key = KeyOf(id) }, cancellationToken: ct));
        await FinishAsync(connection, transaction, owner, "change", before, stored, ct);
        return stored;
    }

    public async Task<bool> DeleteAsync(EndpointOwner owner, Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stored = await connection.QuerySingleOrDefaultAsync<WebhookEndpoint>(
            new CommandDefinition(Sql.Delete, new { id, owner.ClientId, owner.Sandbox }, cancellationToken: ct));
        if (stored is null) return false;
        await connection.ExecuteAsync(new CommandDefinition(Sql.ClearAlert, new { key = KeyOf(id) }, cancellationToken: ct));
        await FinishAsync(connection, transaction, owner, "delete", stored, null, ct);
        return true;
    }

    /// The former one signs along for a while. Null: there is no such endpoint.
    public async Task<(WebhookEndpoint Endpoint, byte[] Secret)?> RotateAsync(EndpointOwner owner, Guid id, CancellationToken ct)
    {
        var secret = WebhookSecrets.Create();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stored = await connection.QuerySingleOrDefaultAsync<WebhookEndpoint>(new CommandDefinition(Sql.Rotate, new
        {
            id, owner.ClientId, owner.Sandbox, secret = secrets.Seal(id, secret), key = secrets.ActiveKey, overlap = options.Value.SecretOverlap,
        }, cancellationToken: ct));
        if (stored is null) return null;
        await FinishAsync(connection, transaction, owner, "rotate_secret", null, stored, ct);
        return (stored, secret);
    }

    internal static string KeyOf(Guid id) => PrefixedId.Format(WebhookEndpoint.IdPrefix, id);

    private static async Task FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, EndpointOwner owner, string deed, WebhookEndpoint? before, WebhookEndpoint? after, CancellationToken ct)
    {
        await AuditLog.AppendAsync(connection, new AuditEntry(owner.Actor, $"webhook_endpoint.{deed}", $"webhook_endpoint:{KeyOf((after ?? before)!.Id)}") // one of them is there
        {
            Before = Told(before), After = Told(after),
        }, ct);
        await transaction.CommitAsync(ct);
    }

    // Not the path: people put tokens into it.
    private static Dictionary<string, object?>? Told(WebhookEndpoint? one) => one is null ? null : new()
    {
        ["host"] = new Uri(one.Url).Host, ["event_types"] = one.EventTypes, ["enabled"] = one.Enabled, ["version"] = one.Version,
    };

    internal static class Sql
    {
        private const string Columns = """
            id, client_id, sandbox, url, event_types, description, enabled, secret, secret_key, former_secret, former_key,
            case when former_until > now() then former_until end as former_until, failing_since, disabled_reason, disabled_at, version, created_at, updated_at
            """;

        // The client's row is what two who add at once wait at.
        public const string Insert = $"""
            insert into webhook_endpoints (id, client_id, sandbox, url, event_types, description, enabled, secret, secret_key, created_by)
            select @id::uuid, c.id, @Sandbox::boolean, @Url::text, @EventTypes::text[], @Description::text, @Enabled::boolean, @secret::bytea, @key::text, @Actor::text
            from (select id from clients where id = @ClientId for no key update) c
            where (select count(*) from webhook_endpoints e where e.client_id = @ClientId and e.deleted_at is null) < @most
            returning {Columns}
            """;

        public const string Find = $"""
            select {Columns}
            from webhook_endpoints
            where id = @id and client_id = @ClientId and sandbox = @Sandbox and deleted_at is null
            """;

        public const string FindForUpdate = Find + " for no key update";

        public const string Page = $"""
            select {Columns}
            from webhook_endpoints
            where client_id = @ClientId and sandbox = @Sandbox and deleted_at is null and (@after::uuid is null or id > @after)
            order by id
            limit @limit
            """;

        public const string Replace = $"""
            update webhook_endpoints
            set url = @Url, event_types = @EventTypes, description = @Description, enabled = @Enabled,
                failing_since = case when @Enabled and not enabled or url <> @Url then null else failing_since end,
                disabled_reason = case when @Enabled then null else disabled_reason end,
                disabled_at = case when @Enabled then null else disabled_at end,
                version = version + 1, updated_at = now()
            where id = @id and client_id = @ClientId and sandbox = @Sandbox and deleted_at is null and version = @version
            returning {Columns}
            """;

        // Its deliveries are too many for one statement perhaps: whoever keeps house takes them away.
        public const string Delete = $"""
            update webhook_endpoints
            set enabled = false, deleted_at = now(), updated_at = now(), version = version + 1, description = null, secret = '', former_secret = null,
                former_key = null, former_until = null, failing_since = null, disabled_reason = null, disabled_at = null
            where id = @id and client_id = @ClientId and sandbox = @Sandbox and deleted_at is null
            returning {Columns}
            """;

        public const string Rotate = $"""
            update webhook_endpoints
            set former_secret = secret, former_key = secret_key, former_until = now() + @overlap::interval, secret = @secret, secret_key = @key,
                version = version + 1, updated_at = now()
            where id = @id and client_id = @ClientId and sandbox = @Sandbox and deleted_at is null
            returning {Columns}
            """;

        public const string ClearAlert = "update alerts set cleared_at = now() where kind = 'webhook_disabled' and key = @key and cleared_at is null";
    }
}
