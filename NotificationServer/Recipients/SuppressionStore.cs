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

    /// Null: there is none, or it has ended.
    public async Task<Suppression?> FindAsync(long id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Suppression>(new CommandDefinition(Sql.Find, new { id }, cancellationToken: ct));
    }

    /// The forms in which an address may be stored: as it is, and as what is left of one that was forgotten.
    public string[] FormsOf(string address) => [address, hashes.Of(address)];

    /// Those that are not suppressed as a whole yet, all or nothing; the others stay as they are. How many they were.
    public async Task<int> PutManyAsync(IReadOnlyCollection<string> addresses, string channel, string reason, string? note, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.PutMany, new
        {
            addresses = addresses.ToArray(),
            masked = addresses.Select(address => $"address:{Masked.Any(address)}").ToArray(),
            channel,
            reason,
            note,
            by,
        }, cancellationToken: ct));
    }

    /// This one row and no other. Null: it was not there any more.
    public async Task<Suppression?> LiftAsync(long id, string by, string reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<Suppression>(new CommandDefinition(Sql.Lift, new { id }, cancellationToken: ct)) is not { } gone)
            return null;
        await AppendReleaseAsync(connection, gone, by, reason, ct);
        await transaction.CommitAsync(ct);
        return gone;
    }

    /// Note: the words of whoever did it, for the audit log.
    public async Task<Suppression> PutAsync(Suppression suppression, string? note, CancellationToken ct)
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
        await AuditLog.AppendAsync(connection, Suppressed(stored, suppression.CreatedBy ?? "server", note), ct);
        await transaction.CommitAsync(ct);
        return stored;
    }

    /// As it was before somebody lifted it. False: the address is suppressed anew by now, and what came since stays.
    public async Task<bool> PutBackAsync(Suppression gone, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var values = new { gone.Address, gone.Channel, gone.Category, gone.Reason, CreatedBy = by, gone.ExpiresAt };
        if (await connection.QuerySingleOrDefaultAsync<Suppression>(new CommandDefinition(Sql.PutBack, values, cancellationToken: ct)) is not { } stored) return false;
        await AuditLog.AppendAsync(connection, Suppressed(stored, by, "undone"), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// Also where only its hash is left. All categories of it, whoever suppressed it.
    public async Task<bool> DeleteAsync(string address, string channel, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var gone = (await connection.QueryAsync<Suppression>(new CommandDefinition(
            Sql.Delete, new { addresses = new[] { address, hashes.Of(address) }, channel }, cancellationToken: ct))).AsList();
        foreach (var one in gone) await AppendReleaseAsync(connection, one, by, null, ct);
        await transaction.CommitAsync(ct);
        return gone.Count > 0;
    }

    private static AuditEntry Suppressed(Suppression stored, string by, string? note) => new(by, "address.suppress", stored.Target)
    {
        After = new() { ["channel"] = stored.Channel, ["category"] = stored.Category, ["reason"] = stored.Reason, ["expires_at"] = stored.ExpiresAt }, Reason = note,
    };

    private static Task AppendReleaseAsync(NpgsqlConnection connection, Suppression gone, string by, string? reason, CancellationToken ct) =>
        AuditLog.AppendAsync(connection, new AuditEntry(by, "address.release", gone.Target)
        {
            Before = new() { ["channel"] = gone.Channel, ["category"] = gone.Category, ["reason"] = gone.Reason }, Reason = reason,
        }, ct);

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

        private const string Insert = """
            insert into suppressions as s (address, channel, category, reason, created_by, expires_at)
            values (@Address, @Channel, @Category, @Reason, @CreatedBy, @ExpiresAt::timestamptz)
            on conflict (address, channel, category) do update set
                reason = excluded.reason, created_by = excluded.created_by, expires_at = excluded.expires_at, created_at = now()

            """;

        private const string Returning = "returning id, address, channel, category, reason, created_by, created_at, expires_at";

        public const string Put = Insert + Returning;

        public const string PutBack = Insert + "where s.expires_at <= now() " + Returning;

        public const string Find = """
            select id, address, channel, category, reason, created_by, created_at, expires_at
            from suppressions
            where id = @id and (expires_at is null or expires_at > now())
            """;

        // What is there already knows why; only what has ended makes room.
        public const string PutMany = """
            with given as (
                select distinct on (address) address, masked from unnest(@addresses::text[], @masked::text[]) g (address, masked) order by address
            ), stored as (
                insert into suppressions as s (address, channel, category, reason, created_by)
                select address, @channel, '', @reason, @by from given
                on conflict (address, channel, category) do update set
                    reason = excluded.reason, created_by = excluded.created_by, expires_at = null, created_at = now()
                where s.expires_at <= now()
                returning address
            )
            insert into audit_log (id, actor, action, target, after, reason)
            select uuid_now(), @by, 'address.suppress', g.masked, jsonb_build_object('channel', @channel::text, 'reason', @reason::text, 'listed', true), @note
            from stored
            join given g on g.address = stored.address
            """;

        public const string Lift = """
            delete from suppressions
            where id = @id
            returning id, address, channel, category, reason, created_by, created_at, expires_at
            """;

        public const string Delete = """
            delete from suppressions
            where address = any(@addresses::text[]) and channel = @channel
            returning id, address, channel, category, reason, created_by, created_at, expires_at
            """;
    }
}
