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

    /// Those who are not blocked yet, all or nothing; the others keep the block that they have. How many they were.
    public async Task<int> PutManyAsync(IReadOnlyCollection<string> users, string reason, DateTimeOffset? until, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.PutMany, new { users = users.ToArray(), reason, until, by }, cancellationToken: ct));
    }

    /// Of these, those who are blocked.
    public async Task<IReadOnlyList<BlockedPerson>> FindManyAsync(IReadOnlyCollection<string> users, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<BlockedPerson>(new CommandDefinition(Sql.FindMany, new { users = users.ToArray() }, cancellationToken: ct))).AsList();
    }

    /// How many of them were blocked.
    public async Task<int> DeleteManyAsync(IReadOnlyCollection<string> users, string by, string reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.DeleteMany, new { users = users.ToArray(), by, reason }, cancellationToken: ct));
    }

    public async Task<bool> DeleteAsync(RecipientId user, string by, string? reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<Block>(new CommandDefinition(Sql.Delete, new { user = user.Value }, cancellationToken: ct)) is not { } gone)
            return false;
        await AuditLog.AppendAsync(connection, new AuditEntry(by, "user.unblock", $"user:{user.Value}")
        {
            Before = new() { ["reason"] = gone.Reason, ["until"] = gone.Until, ["created_by"] = gone.CreatedBy }, Reason = reason,
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

        public const string FindMany = """
            select user_id, reason, until, created_by, created_at
            from blocks
            where user_id = any(@users::text[]) and (until is null or until > now())
            order by user_id
            """;

        public const string Put = """
            insert into blocks (user_id, reason, until, created_by)
            values (@user, @reason, @until::timestamptz, @by)
            on conflict (user_id) do update set
                reason = excluded.reason, until = excluded.until, created_by = excluded.created_by, created_at = now()
            returning reason, until, created_by, created_at
            """;

        // One row of the audit log for each, so that a person's history tells it, and forgets it with the person.
        public const string PutMany = """
            with stored as (
                insert into blocks as b (user_id, reason, until, created_by)
                select distinct id, @reason, @until::timestamptz, @by
                from unnest(@users::text[]) as asked(id)
                order by id
                on conflict (user_id) do update set
                    reason = excluded.reason, until = excluded.until, created_by = excluded.created_by, created_at = now()
                where b.until <= now()
                returning user_id
            )
            insert into audit_log (id, actor, action, target, after, reason)
            select uuid_now(), @by, 'user.block', 'user:' || user_id, jsonb_build_object('until', @until::timestamptz, 'listed', true), @reason
            from stored
            """;

        public const string DeleteMany = """
            with gone as (
                delete from blocks where user_id = any(@users::text[])
                returning user_id, reason, until, created_by
            )
            insert into audit_log (id, actor, action, target, before, reason)
            select uuid_now(), @by, 'user.unblock', 'user:' || user_id, jsonb_build_object('reason', reason, 'until', until, 'created_by', created_by), @reason
            from gone
            """;

        public const string Delete = "delete from blocks where user_id = @user returning reason, until, created_by, created_at";
    }
}
