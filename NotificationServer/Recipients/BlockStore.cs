using Dapper;
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

internal sealed class BlockStore(NpgsqlDataSource db)
{
    /// Null: not blocked, or no longer.
    public async Task<Block?> FindAsync(RecipientId user, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Block>(new CommandDefinition(Sql.Find, new { user = user.Value }, cancellationToken: ct));
    }

    public async Task<Block> PutAsync(RecipientId user, string reason, DateTimeOffset? until, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Block>(
            new CommandDefinition(Sql.Put, new { user = user.Value, reason, until, by }, cancellationToken: ct));
    }

    public async Task<bool> DeleteAsync(RecipientId user, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.Delete, new { user = user.Value }, cancellationToken: ct)) == 1;
    }

    internal static class Sql
    {
        public const string Find = """
            select reason, until, created_by, created_at
            from blocks
            where user_id = @user and (until is null or until > now())
            """;

        public const string Put = """
            insert into blocks (user_id, reason, until, created_by)
            values (@user, @reason, @until::timestamptz, @by)
            on conflict (user_id) do update set
                reason = excluded.reason, until = excluded.until, created_by = excluded.created_by, created_at = now()
            returning reason, until, created_by, created_at
            """;

        public const string Delete = "delete from blocks where user_id = @user";
    }
}
