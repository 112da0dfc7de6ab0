using Dapper;
using Npgsql;

namespace NotificationServer.Tracking.Webhooks;

/// The last step of changing the key that secrets are stored under.
internal sealed class EndpointKeys(NpgsqlDataSource db, WebhookSecrets secrets)
{
    private sealed record Row(Guid Id, byte[] Secret, string SecretKey, byte[]? FormerSecret, string? FormerKey);

    /// Stores every secret that is under a former key anew. How many could not be read is the second number: their key is not here.
    public async Task<(int Done, int Unreadable)> ReencryptAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (done, unreadable) = (0, 0);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.OfOtherKeys, new { active = secrets.ActiveKey }, cancellationToken: ct))).AsList();
        foreach (var row in rows)
        {
            var former = row is { FormerSecret: { } bytes, FormerKey: { } key } ? secrets.Open(row.Id, bytes, key) : null;
            if (secrets.Open(row.Id, row.Secret, row.SecretKey) is not { } current || former is null != (row.FormerSecret is null))
            {
                unreadable++;
                continue;
            }
            await connection.ExecuteAsync(new CommandDefinition(Sql.Reseal, new
            {
                row.Id, key = secrets.ActiveKey, secret = secrets.Seal(row.Id, current),
                former = former is null ? null : secrets.Seal(row.Id, former), formerKey = former is null ? null : secrets.ActiveKey,
            }, cancellationToken: ct));
            done++;
        }
        await transaction.CommitAsync(ct);
        return (done, unreadable);
    }

    internal static class Sql
    {
        public const string OfOtherKeys = """
            select id, secret, secret_key, former_secret, former_key
            from webhook_endpoints
            where deleted_at is null and (secret_key <> @active or former_key <> @active)
            order by id
            for no key update
            """;

        public const string Reseal = """
            update webhook_endpoints
            set secret = @secret, secret_key = @key, former_secret = @former::bytea, former_key = @formerKey::text
            where id = @Id
            """;
    }
}
