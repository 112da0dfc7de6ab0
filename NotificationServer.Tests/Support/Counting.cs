using Dapper;
using Npgsql;

namespace NotificationServer.Tests.Support;

/// One figure out of the database.
internal static class Counting
{
    public static async Task<int> CountAsync(this NpgsqlDataSource db, string sql, object? parameters = null)
    {
        await using var connection = await db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql, parameters);
    }

    public static async Task<T?> AskAsync<T>(this NpgsqlDataSource db, string sql, object? parameters = null)
    {
        await using var connection = await db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }
}
