using Npgsql;

namespace NotificationServer.Platform;

/// A PostgreSQL of our own, from the installed programs, for machines where nobody has set one up. On loopback only, with a
/// password, and as durable as any other. It is a process of its own: it survives this one being killed, and is adopted by the next.
internal sealed class EmbeddedPostgres(DataDirectory data, TimeProvider clock, ILogger<EmbeddedPostgres> log) : IAsyncDisposable
{
    private const string Database = "notifications";

    private static readonly TimeSpan AdoptionPatience = TimeSpan.FromSeconds(30);

    private readonly string folder = data.Locate("postgres");
    private readonly Lazy<PostgresIdentity> identity = new(() => PostgresIdentity.Settle(data, data.Locate("postgres")));
    private FileStream? ownership;
    private PostgresCluster? running;

    /// Known before the server runs, because everything that uses the database is built before anything is started.
    public string ConnectionString => ConnectionStringTo(Database);

    public async Task StartAsync(CancellationToken ct)
    {
        TakeOwnership();
        var binaries = await PostgresBinaries.FindAsync(ct);
        var cluster = new PostgresCluster(folder, binaries, await PostgresAccount.ForAsync(folder, ct));
        // Not to be cancelled half-way: who stops us now would leave behind a server that is just coming up.
        if (!cluster.Exists)
        {
            Log.PostgresCreating(log, binaries.Version, folder);
            await cluster.CreateAsync(identity.Value.Password, CancellationToken.None);
        }

        if (await IsAdoptableAsync(ct))
            Log.PostgresAdopted(log, identity.Value.Port);
        else
            await cluster.StartAsync(identity.Value.Port, CancellationToken.None);
        running = cluster;
        await CreateDatabaseAsync(ct);
    }

    /// Connections still open are cut; what was confirmed stays.
    public async Task StopAsync()
    {
        var cluster = Interlocked.Exchange(ref running, null);
        if (cluster is not null && await cluster.StopAsync() is { Succeeded: false } failed)
            Log.PostgresNotStopped(log, failed.Output);
        ownership?.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private string ConnectionStringTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = identity.Value.Port,
        Username = "postgres",
        Password = identity.Value.Password,
        Database = database,
    }.ConnectionString;

    /// The lock goes with the process, however it ends. Without it the first of two servers to stop would take the database from the other.
    private void TakeOwnership()
    {
        try
        {
            Directory.CreateDirectory(data.Path);
            ownership = new FileStream(data.Locate("server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StartupException($"Another server is running on {data.Path}: give this one a directory of its own with NS_DATA_DIR.", e);
        }
    }

    /// True when the server that a killed process of ours left behind answers; it may still be recovering or shutting down.
    private async Task<bool> IsAdoptableAsync(CancellationToken ct)
    {
        var since = clock.GetTimestamp();
        while (PostgresCluster.IsHeld(folder))
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionStringTo("postgres") + ";Pooling=false;Timeout=5");
                await connection.OpenAsync(ct);
                return true;
            }
            catch (NpgsqlException) when (clock.GetElapsedTime(since) < AdoptionPatience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, ct);
            }
        }

        return false;
    }

    private async Task CreateDatabaseAsync(CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionStringTo("postgres") + ";Pooling=false");
        await using var exists = source.CreateCommand(Sql.Exists);
        if (await exists.ExecuteScalarAsync(ct) is true)
            return;
        await using var create = source.CreateCommand(Sql.Create);
        await create.ExecuteNonQueryAsync(ct);
    }

    internal static class Sql
    {
        public const string Exists = "select exists (select from pg_database where datname = 'notifications')";

        public const string Create = "create database notifications";
    }
}
