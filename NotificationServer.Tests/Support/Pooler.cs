using System.Diagnostics;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Tests.Support;

/// A PgBouncer in transaction mode before the test database: every transaction may have another server connection.
internal sealed class Pooler : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;

    private Pooler(Process process, string folder, string connectionString) =>
        (this.process, this.folder, ConnectionString) = (process, folder, connectionString);

    public string ConnectionString { get; }

    public static async Task<Pooler> StartAsync(string target, int connections)
    {
        var program = Subprocess.Find("pgbouncer") ?? throw new InvalidOperationException("PgBouncer is missing: apt-get install pgbouncer (brew install pgbouncer)");
        var folder = Directory.CreateTempSubdirectory("ns-pooler-").FullName;
        var (database, port) = (new NpgsqlConnectionStringBuilder(target), PostgresIdentity.FreePort());
        var settings = Path.Combine(folder, "pgbouncer.ini");
        var password = string.IsNullOrEmpty(database.Password) ? "" : $" password={database.Password}";
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            {database.Database} = host={database.Host} port={database.Port} user={database.Username}{password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = {connections}
            max_client_conn = 500
            """);
        string[] asSomebody = Environment.UserName == "root" ? ["-u", "postgres"] : [];
        var process = Process.Start(new ProcessStartInfo(program, [.. asSomebody, "-q", settings]))!; // null only where the shell starts it
        var pooler = new Pooler(process, folder, $"Host=127.0.0.1;Port={port};Username={database.Username};Database={database.Database};No Reset On Close=true");
        await Eventually.IsTrueAsync(pooler.AnswersAsync);
        return pooler;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(process.HasExited, "PgBouncer ended");
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // not listening yet
        }
    }
}
