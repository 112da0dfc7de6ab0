using System.Data;
using Dapper;
using Npgsql;

namespace NotificationServer.Benchmarks.Parts;

/// One measurement's database.
internal sealed class Arena(Rig rig, string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource db = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 3600, ApplicationName = "benchmark" }.ConnectionString);

    public Rig Rig => rig;

    public string ConnectionString => connectionString;

    public NpgsqlDataSource Db => db;

    public async Task ExecuteAsync(string sql, object? parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, commandType: CommandType.Text, cancellationToken: ct));
    }

    public async Task<T?> AskAsync<T>(string sql, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, cancellationToken: ct));
    }

    /// Bytes of write-ahead log that this server ever wrote.
    public Task<long> WalAsync(CancellationToken ct) => AskAsync<long>(Sql.Wal, ct);

    /// Waits until no job is left.
    public async Task UntilDrainedAsync(CancellationToken ct)
    {
        while (await AskAsync<bool>(Sql.Pending, ct)) await Task.Delay(20, ct);
    }

    public ValueTask DisposeAsync() => db.DisposeAsync();

    internal static class Sql
    {
        public const string Wal = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";

        public const string Pending = "select exists (select from jobs)";
    }
}
