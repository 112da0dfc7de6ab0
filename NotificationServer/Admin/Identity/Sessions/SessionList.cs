using Dapper;
using Npgsql;

namespace NotificationServer.Admin.Identity.Sessions;

/// The open sessions of a person, and the end of them. What is deleted here is over with the next click, on every node.
internal sealed class SessionList(NpgsqlDataSource db)
{
    internal sealed record Row(Guid Id, DateTimeOffset StartedAt, DateTimeOffset SeenAt, string Address, string Browser);

    public async Task<IReadOnlyList<Row>> OfAsync(Guid userId, TimeSpan lifetime, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<Row>(new CommandDefinition(Sql.List, new { userId, lifetime }, cancellationToken: ct))).AsList();
    }

    /// Whether its person signed in so short a time ago; an unknown session is not young.
    public async Task<bool> IsYoungAsync(Guid userId, Guid? id, TimeSpan age, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsYoung, new { userId, id, age }, cancellationToken: ct));
    }

    public async Task<int> EndAsync(Guid userId, Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Sql.End, new { userId, id }, cancellationToken: ct));
    }

    /// In the transaction of what they end for.
    public static Task<int> EndAllAsync(NpgsqlConnection connection, Guid userId, Guid? but, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Sql.EndAll, new { userId, but }, cancellationToken: ct));

    internal static class Sql
    {
        public const string List = """
            select id, created_at as started_at, seen_at, address, browser
            from staff_sessions
            where user_id = @userId and expires_at > now() and created_at > now() - @lifetime::interval
            order by seen_at desc, id
            limit 100
            """;

        public const string IsYoung = """
            select exists (select from staff_sessions where user_id = @userId and id = @id::uuid and created_at > now() - @age::interval)
            """;

        public const string End = """
            delete from staff_sessions where user_id = @userId and id = @id
            """;

        public const string EndAll = """
            delete from staff_sessions where user_id = @userId and id is distinct from @but::uuid
            """;
    }
}
