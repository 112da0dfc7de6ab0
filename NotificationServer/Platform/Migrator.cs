using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Platform;

/// Brings the schema up to what this build was made for: forward only, in order, each file in its own transaction. Nodes
/// that start together wait for each other, and each file is applied by one of them.
internal sealed class Migrator(
    NpgsqlDataSource db, IOptions<DatabaseOptions> options, ILogger<Migrator> log, IReadOnlyList<Migration> migrations)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private sealed record Applied(int Number, string Name, string Checksum);

    public Task MigrateAsync(CancellationToken ct) => MigrateAsync(db, ct);

    /// Owner: where the tables belong to another role than the one that works with them.
    public async Task MigrateAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        var applied = await AppliedAsync(connection, ct);
        foreach (var migration in migrations)
        {
            if (!IsApplied(migration, applied))
                await ApplyPatientlyAsync(connection, migration, ct);
        }

        // A newer node has been here. Migrations keep what the version before needs, so an older node goes on working.
        if (applied.Count > 0 && applied.Keys.Max() is var newest && newest > migrations[^1].Number)
            Log.SchemaIsNewer(log, newest, migrations[^1].Number);
    }

    public async Task<bool> IsCurrentAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var applied = await AppliedAsync(connection, ct);
        return migrations.All(migration => applied.ContainsKey(migration.Number));
    }

    /// Older nodes go on serving while this one migrates. Waiting for a table that somebody reads for an hour would stop all of them: whoever
    /// wants that table then stands behind us. So it waits briefly, lets go of everything, and comes again.
    private async Task ApplyPatientlyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await ApplyAsync(connection, migration, ct);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                && Stopwatch.GetElapsedTime(began) < options.Value.MigrationTimeout)
            {
                Log.MigrationWaits(log, migration.Name);
            }
            await Task.Delay(Pause, ct);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(Command(Sql.Begin, new { timeout = Milliseconds(options.Value.MigrationTimeout) }, ct));

        // Asked again under the lock: while we waited for it, another node may have applied this one.
        if (IsApplied(migration, await AppliedAsync(connection, ct)))
            return;

        await connection.ExecuteAsync(Command(Sql.WaitBriefly, new { timeout = Milliseconds(options.Value.MigrationLockTimeout) }, ct));
        await connection.ExecuteAsync(Command(migration.Sql, null, ct));
        await connection.ExecuteAsync(Command(Sql.Record, new { migration.Number, migration.Name, migration.Checksum }, ct));
        await transaction.CommitAsync(ct);
        Log.MigrationApplied(log, migration.Name);
    }

    private static bool IsApplied(Migration migration, Dictionary<int, Applied> applied)
    {
        if (!applied.TryGetValue(migration.Number, out var there))
            return false;
        if (there.Checksum != migration.Checksum)
        {
            throw new StartupException(
                $"migrations/{migration.Name}.sql is not the file that was applied to this database as {there.Name}. "
                + "Applied migrations never change: put the old file back and add a new one.");
        }

        return true;
    }

    private async Task<Dictionary<int, Applied>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (!await connection.ExecuteScalarAsync<bool>(Command(Sql.Exists, null, ct)))
            return [];
        var rows = await connection.QueryAsync<Applied>(Command(Sql.Applied, null, ct));
        return rows.ToDictionary(row => row.Number);
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken ct) =>
        new(sql, parameters, commandTimeout: (int)options.Value.MigrationTimeout.TotalSeconds, cancellationToken: ct);

    private static string Milliseconds(TimeSpan time) => $"{(long)time.TotalMilliseconds}";

    internal static class Sql
    {
        public const string Exists = "select to_regclass('schema_migrations') is not null";

        public const string Applied = "select number, name, checksum from schema_migrations";

        // The lock belongs to the transaction, not to the session: it works through PgBouncer and a dead node lets go of it.
        public const string Begin = """
            select set_config('statement_timeout', @timeout, true),
                   set_config('lock_timeout', @timeout, true),
                   set_config('idle_in_transaction_session_timeout', @timeout, true);

            select pg_advisory_xact_lock(hashtextextended('notification-server migrations', 0));

            create table if not exists schema_migrations (
                number     integer primary key,
                name       text not null,
                checksum   text not null,
                applied_at timestamptz not null default now()
            );
            """;

        // Only from here on: for the lock of the migrations themselves a node waits for as long as another migrates.
        public const string WaitBriefly = "select set_config('lock_timeout', @timeout, true)";

        public const string Record = "insert into schema_migrations (number, name, checksum) values (@number, @name, @checksum)";
    }
}
