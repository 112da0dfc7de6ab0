using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Recipients;

/// A person who must not be sent to, whatever the channel.
internal sealed record Block
{
    public required string Reason { get; init; }
    public DateTimeOffset? Until { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed record BlockedPerson
{
    public required string UserId { get; init; }
    public required string Reason { get; init; }
    public DateTimeOffset? Until { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class BlockStore(NpgsqlDataSource db)
{
    /// Null: not blocked, or no longer.
    public async Task<Block?> FindAsync(RecipientId user, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Block>(new CommandDefinition(Sql.Find, new { user = user.Value }, cancellationToken: ct));
    }

    /// Those that hold, in the order of their ids.
    public async Task<IReadOnlyList<BlockedPerson>> ListAsync(string after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<BlockedPerson>(new CommandDefinition(Sql.List, new { after, limit }, cancellationToken: ct))).AsList();
    }

    public async Task<Block> PutAsync(RecipientId user, string reason, DateTimeOffset? until, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var block = await connection.QuerySingleAsync<Block>(
            new CommandDefinition(Sql.Put, new { user = user.Value, reason, until, by }, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(by, "user.block", $"user:{user.Value}")
        {
            After = new() { ["until"] = until }, Reason = reason,
        }, ct);
        await transaction.CommitAsync(ct);
        return block;
    }

    public async Task<bool> DeleteAsync(RecipientId user, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<Block>(new CommandDefinition(Sql.Delete, new { user = user.Value }, cancellationToken: ct)) is not { } gone)
            return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(by, "user.unblock", $"user:{user.Value}")
        {
            Before = new() { ["reason"] = gone.Reason, ["until"] = gone.Until, ["created_by"] = gone.CreatedBy },
        }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    internal static class Sql
    {
        public const string Find = """
            select reason, until, created_by, created_at
            from blocks
            where user_id = @user and (until is null or until > now())
            """;

        public const string List = """
            select user_id, reason, until, created_by, created_at
            from blocks
            where user_id > @after and (until is null or until > now())
            order by user_id
            limit @limit
            """;

        public const string Put = """
            insert into blocks (user_id, reason, until, created_by)
            values (@user, @reason, @until::timestamptz, @by)
            on conflict (user_id) do update set
                reason = excluded.reason, until = excluded.until, created_by = excluded.created_by, created_at = now()
            returning reason, until, created_by, created_at
            """;

        public const string Delete = "delete from blocks where user_id = @user returning reason, until, created_by, created_at";
    }
}
