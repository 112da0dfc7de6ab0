using Dapper;
using Npgsql;

namespace NotificationServer.Recipients;

/// A kind of message. Its class decides the lane and whether an opt-out applies.
internal sealed record Category
{
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required string Class { get; init; }
    public TimeSpan? ExpiresAfter { get; init; }
    public string Description { get; init; } = "";
    /// Channels or families; null: all.
    public string[]? Channels { get; init; }
    public bool DefaultOptIn { get; init; } = true;
    public required string QuietHours { get; init; }
    public int? LimitCount { get; init; }
    public TimeSpan? LimitPer { get; init; }
    public string? LimitPolicy { get; init; }
}

internal sealed class CategoryStore(NpgsqlDataSource db)
{
    public static readonly string[] Classes = ["critical", "transactional", "marketing"];
    public static readonly string[] QuietPolicies = ["ignore", "defer", "expire"];
    public static readonly string[] LimitPolicies = ["defer", "drop", "merge"];

    public async Task<IReadOnlyList<Category>> ListAsync(string after, int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Category>(new CommandDefinition(Sql.List, new { after, limit }, cancellationToken: ct))).AsList();
    }

    public async Task<Category?> FindAsync(string key, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Category>(new CommandDefinition(Sql.Find, new { key }, cancellationToken: ct));
    }

    public async Task<IReadOnlyList<string>> UnknownAmongAsync(IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        if (keys.Count == 0)
            return [];
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(Sql.Unknown, new { keys = keys.ToArray() }, cancellationToken: ct))).AsList();
    }

    public async Task PutAsync(Category category, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Put, category, cancellationToken: ct));
    }

    public enum DeleteResult
    {
        Deleted,
        Unknown,
        InUse,
    }

    public async Task<DeleteResult> DeleteAsync(string key, CancellationToken ct)
    {
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            return await connection.ExecuteAsync(new CommandDefinition(Sql.Delete, new { key }, cancellationToken: ct)) == 1 ? DeleteResult.Deleted : DeleteResult.Unknown;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return DeleteResult.InUse;
        }
    }

    internal static class Sql
    {
        public const string Delete = "delete from categories where key = @key";

        public const string List = """
            select key, name, class, expires_after, description, channels, default_opt_in, quiet_hours, limit_count, limit_per, limit_policy
            from categories
            where key > @after
            order by key
            limit @limit
            """;

        public const string Find = """
            select key, name, class, expires_after, description, channels, default_opt_in, quiet_hours, limit_count, limit_per, limit_policy
            from categories
            where key = @key
            """;

        public const string Unknown = "select k from unnest(@keys::text[]) k where not exists (select from categories where key = k)";

        public const string Put = """
            insert into categories
                (key, name, class, expires_after, description, channels, default_opt_in, quiet_hours, limit_count, limit_per, limit_policy)
            values (@Key, @Name, @Class, @ExpiresAfter::interval, @Description, @Channels::text[], @DefaultOptIn, @QuietHours,
                @LimitCount::integer, @LimitPer::interval, @LimitPolicy::text)
            on conflict (key) do update set
                name = excluded.name, class = excluded.class, expires_after = excluded.expires_after, description = excluded.description,
                channels = excluded.channels, default_opt_in = excluded.default_opt_in, quiet_hours = excluded.quiet_hours,
                limit_count = excluded.limit_count, limit_per = excluded.limit_per, limit_policy = excluded.limit_policy
            """;
    }
}
