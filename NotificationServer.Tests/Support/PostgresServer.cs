using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Tests.Support;

/// The one PostgreSQL of a test run: the server named by NS_TEST_CONNECTION (a superuser), else a private one of its own,
/// brought up by the server's own code. It is as durable as in production: fsync stays on, because tests kill things.
internal static class PostgresServer
{
    private static readonly Lazy<string> Admin = new(() =>
        Environment.GetEnvironmentVariable("NS_TEST_CONNECTION") is { Length: > 0 } given ? given : StartPrivate());

    public static string AdminConnectionString => Admin.Value;

    public static string ConnectionStringFor(string database) =>
        new NpgsqlConnectionStringBuilder(AdminConnectionString) { Database = database }.ConnectionString;

    /// For what concerns whole databases; a short connection of its own.
    public static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString + ";Pooling=false");
        await connection.ExecuteAsync(sql, commandTimeout: 120);
    }

    private static string StartPrivate()
    {
        var folder = Directory.CreateTempSubdirectory("ns-postgres-").FullName;
        var server = new EmbeddedPostgres(new DataDirectory(folder), TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);
        Task.Run(() => server.StartAsync(CancellationToken.None)).GetAwaiter().GetResult();

        // No fixture surrounds a whole run, and a test host may be killed: a shell that outlives it clears up.
        using var undertaker = Process.Start("sh", ["-c", Undertaker, "sh", $"{Environment.ProcessId}", folder]);
        return server.ConnectionString;
    }

    private const string Undertaker = """
        exec </dev/null >/dev/null 2>&1
        while kill -0 "$1"; do sleep 0.2; done
        server=$(head -n 1 "$2/postgres/cluster/postmaster.pid")
        kill -INT "$server"
        while kill -0 "$server"; do sleep 0.1; done
        rm -rf "$2"
        """;
}
