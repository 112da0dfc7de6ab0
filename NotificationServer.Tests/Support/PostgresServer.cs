using Dapper;
using Npgsql;

namespace NotificationServer.Tests.Support;

/// The one PostgreSQL of a test run: the server named by NS_TEST_CONNECTION (a superuser), else a private one of its own.
internal static class PostgresServer
{
    public static string AdminConnectionString { get; } =
        Environment.GetEnvironmentVariable("NS_TEST_CONNECTION")
        ?? throw new InvalidOperationException("Set NS_TEST_CONNECTION");

    public static string ConnectionStringFor(string database) =>
        new NpgsqlConnectionStringBuilder(AdminConnectionString) { Database = database }.ConnectionString;

    /// For what concerns whole databases; a short connection of its own.
    public static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString + ";Pooling=false");
        await connection.ExecuteAsync(sql, commandTimeout: 120);
    }
}
