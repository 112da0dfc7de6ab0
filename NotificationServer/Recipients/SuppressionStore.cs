using Dapper;
using NotificationServer.Platform;
using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Privacy;
using Npgsql;

namespace NotificationServer.Recipients;

/// An address that must not be sent to on a channel, whoever it belongs to. Category: empty for everything, a category's key, or
/// `class:marketing`. Of an address that we were asked to forget only the keyed hash is there.
internal sealed record Suppression
{
    public long Id { get; init; }
    public required string Address { get; init; }
    public required string Channel { get; init; }
    public string Category { get; init; } = "";
    public required string Reason { get; init; }
    public string? CreatedBy { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// For audit rows: what was done stays on record, to whom only as far as a person can recognise it.
    public string Target => $"address:{Masked.Any(Address)}";
}

internal sealed class SuppressionStore(NpgsqlDataSource db, AddressHash hashes)
{
    /// What clients and people may give. The others come about: unsubscribed and stop by the person's own word, erased by a request.
    public static readonly string[] Reasons = ["hard_bounce", "complaint", "manual", "invalid_token"];

    /// Newest first, from behind `before`.
    public async Task<IReadOnlyList<Suppression>> ListAsync(
        string? address, string? channel, long? before, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Suppression>(new CommandDefinition(Sql.List, new
        {
            addresses = address is null ? null : new[] { address, hashes.Of(address) },
            channel,
            before,
            limit,
        }, cancellationToken: ct))).AsList();
    }

    public async Task<Suppression> PutAsync(Suppression suppression, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stored = await connection.QuerySingleAsync<Suppression>(new CommandDefinition(Sql.Put, new
        {
            suppression.Address,
            suppression.Channel,
            suppression.Category,
            suppression.Reason,
            suppression.CreatedBy,
            suppression.ExpiresAt,
        }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(suppression.CreatedBy ?? "server", "address.suppress", suppression.Target)
        {
            After = new() { ["channel"] = stored.Channel, ["category"] = stored.Category, ["reason"] = stored.Reason, ["expires_at"] = stored.ExpiresAt },
        }, ct);
        await transaction.CommitAsync(ct);
        return stored;
    }

    /// Also where only its hash is left. All categories of it, whoever suppressed it.
    public async Task<bool> DeleteAsync(string address, string channel, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var gone = (await connection.QueryAsync<Suppression>(new CommandDefinition(
            Sql.Delete, new { addresses = new[] { address, hashes.Of(address) }, channel }, cancellationToken: ct))).AsList();
        foreach (var one in gone)
        {
            await AuditLog.AppendAsync(connection, new AuditEntry(by, "address.release", one.Target)
            {
                Before = new() { ["channel"] = one.Channel, ["category"] = one.Category, ["reason"] = one.Reason },
            }, ct);
        }
        await transaction.CommitAsync(ct);
        return gone.Count > 0;
    }

    internal static class Sql
    {
        public const string List = """
            select id, address, channel, category, reason, created_by, created_at, expires_at
            from suppressions
            where (expires_at is null or expires_at > now())
                and (@addresses::text[] is null or address = any(@addresses::text[])) and (@channel::text is null or channel = @channel)
                and (@before::bigint is null or id < @before)
            order by id desc
            limit @limit
            """;

        public const string Put = """
            insert into suppressions (address, channel, category, reason, created_by, expires_at)
            values (@Address, @Channel, @Category, @Reason, @CreatedBy, @ExpiresAt::timestamptz)
            on conflict (address, channel, category) do update set
                reason = excluded.reason, created_by = excluded.created_by, expires_at = excluded.expires_at, created_at = now()
            returning id, address, channel, category, reason, created_by, created_at, expires_at
            """;

        public const string Delete = """
            delete from suppressions
            where address = any(@addresses::text[]) and channel = @channel
            returning id, address, channel, category, reason, created_by, created_at, expires_at
            """;
    }
}
