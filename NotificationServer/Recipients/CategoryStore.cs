using System.Text.Json;
using Dapper;
using NotificationServer.Platform;
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
    /// What it is called in other languages, `{"de":"Angebote"}`. Null, when it is stored: as it was.
    public string? Names { get; init; }

    public IReadOnlyDictionary<string, string> Translations =>
        Names is null ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(Names) ?? [];

    /// For the audit log.
    public Dictionary<string, object?> Told() => new()
    {
        ["name"] = Name, ["class"] = Class, ["expires_after"] = ExpiresAfter, ["description"] = Description, ["channels"] = Channels,
        ["default_opt_in"] = DefaultOptIn, ["quiet_hours"] = QuietHours, ["limit_count"] = LimitCount, ["limit_per"] = LimitPer, ["limit_policy"] = LimitPolicy,
        ["names"] = Translations,
    };
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

    public async Task<Category> PutAsync(Category category, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await connection.QuerySingleOrDefaultAsync<Category>(new CommandDefinition(Sql.Find, new { key = category.Key }, cancellationToken: ct));
        var stored = await connection.QuerySingleAsync<Category>(new CommandDefinition(Sql.Put, category, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, new AuditEntry(by, before is null ? "category.create" : "category.change", $"category:{category.Key}")
        {
            Before = before?.Told(), After = stored.Told(),
        }, ct);
        await transaction.CommitAsync(ct);
        return stored;
    }

    public enum DeleteResult
    {
        Deleted,
        Unknown,
        InUse,
    }

    public async Task<DeleteResult> DeleteAsync(string key, string by, CancellationToken ct)
    {
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (await connection.QuerySingleOrDefaultAsync<Category>(new CommandDefinition(Sql.Delete, new { key }, cancellationToken: ct)) is not { } gone)
                return DeleteResult.Unknown;
            await AuditLog.AppendAsync(connection, new AuditEntry(by, "category.delete", $"category:{key}") { Before = gone.Told() }, ct);
            await transaction.CommitAsync(ct);
            return DeleteResult.Deleted;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return DeleteResult.InUse;
        }
    }

    internal static class Sql
    {
        public const string Delete = """
            delete from categories
            where key = @key
            returning key, name, class, expires_after, description, channels, default_opt_in, quiet_hours, limit_count, limit_per, limit_policy, names::text as names
            """;

        public const string List = """
            select key, name, class, expires_after, description, channels, default_opt_in, quiet_hours, limit_count, limit_per, limit_policy, names::text as names
            from categories
            where key > @after
            order by key
            limit @limit
            """;

        public const string Find = """
            select key, name, class, expires_after, description, channels, default_opt_in, quiet_hours, limit_count, limit_per, limit_policy, names::text as names
            from categories
            where key = @key
            """;

        public const string Unknown = "select k from unnest(@keys::text[]) k where not exists (select from categories where key = k)";

        public const string Put = """
            insert into categories
                (key, name, class, expires_after, description, channels, default_opt_in, quiet_hours, limit_count, limit_per, limit_policy, names)
            values (@Key, @Name, @Class, @ExpiresAfter::interval, @Description, @Channels::text[], @DefaultOptIn, @QuietHours,
                @LimitCount::integer, @LimitPer::interval, @LimitPolicy::text, coalesce(@Names::jsonb, '{}'))
            on conflict (key) do update set
                name = excluded.name, class = excluded.class, expires_after = excluded.expires_after, description = excluded.description,
                channels = excluded.channels, default_opt_in = excluded.default_opt_in, quiet_hours = excluded.quiet_hours,
                limit_count = excluded.limit_count, limit_per = excluded.limit_per, limit_policy = excluded.limit_policy,
                names = coalesce(@Names::jsonb, categories.names)
            returning key, name, class, expires_after, description, channels, default_opt_in, quiet_hours, limit_count, limit_per, limit_policy, names::text as names
            """;
    }
}
