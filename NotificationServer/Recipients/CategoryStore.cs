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
}

internal sealed class CategoryStore(NpgsqlDataSource db)
{
    public static readonly string[] Classes = ["critical", "transactional", "marketing"];

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
        await connection.ExecuteAsync(new CommandDefinition(
            Sql.Put, new { category.Key, category.Name, category.Class, category.ExpiresAfter }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string List = """
            select key, name, class, expires_after
            from categories
            where key > @after
            order by key
            limit @limit
            """;

        public const string Find = "select key, name, class, expires_after from categories where key = @key";

        public const string Unknown = "select k from unnest(@keys::text[]) k where not exists (select from categories where key = k)";

        public const string Put = """
            insert into categories (key, name, class, expires_after)
            values (@key, @name, @class, @expiresAfter::interval)
            on conflict (key) do update set name = excluded.name, class = excluded.class, expires_after = excluded.expires_after
            """;
    }
}
