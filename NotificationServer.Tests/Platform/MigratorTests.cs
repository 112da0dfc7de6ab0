using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

public sealed class MigratorTests(Database db) : IClassFixture<Database>
{
    [Fact]
    public async Task Nodes_that_start_together_apply_each_migration_once()
    {
        await using var scratch = await GivenEmptySchema("together");
        // Counts how often it ran: "create table if not exists" would hide a second time.
        Migration[] migrations = [new(1, "0001_count", "create table runs (n int)"), new(2, "0002_run", "insert into runs values (2); select pg_sleep(0.1)")];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrator(scratch, migrations).MigrateAsync(default)));

        Assert.Equal(1, await Scalar<long>(scratch, "select count(*) from runs"));
        Assert.Equal(2, await Scalar<long>(scratch, "select count(*) from schema_migrations"));
        Assert.True(await Migrator(scratch, migrations).IsCurrentAsync(default));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_behind()
    {
        await using var scratch = await GivenEmptySchema("failing");
        Migration[] migrations = [new(1, "0001_good", "create table good (n int)"), new(2, "0002_bad", "create table bad (n int); select 1 / 0")];

        await Assert.ThrowsAsync<PostgresException>(() => Migrator(scratch, migrations).MigrateAsync(default));

        Assert.True(await Scalar<bool>(scratch, "select to_regclass('good') is not null and to_regclass('bad') is null"));
        Assert.False(await Migrator(scratch, migrations).IsCurrentAsync(default));
    }

    [Fact]
    public async Task A_file_that_changed_after_it_was_applied_stops_the_start()
    {
        await using var scratch = await GivenEmptySchema("changed");
        await Migrator(scratch, new Migration(1, "0001_first", "create table a (n int)")).MigrateAsync(default);

        var refused = await Assert.ThrowsAsync<StartupException>(() =>
            Migrator(scratch, new Migration(1, "0001_first", "create table b (n int)")).MigrateAsync(default));

        Assert.Contains("0001_first", refused.Message, StringComparison.Ordinal);
    }

    // Whoever wants a table stands behind whoever waits for it: a migration that waited for an hour would stop every node for an hour.
    [Fact]
    public async Task A_migration_that_has_to_wait_for_a_table_keeps_nobody_else_from_it()
    {
        await using var scratch = await GivenEmptySchema("busy");
        Migration[] migrations = [new(1, "0001_first", "create table busy (n int)"), new(2, "0002_second", "alter table busy add column m int")];
        await Migrator(scratch, migrations[0]).MigrateAsync(default);
        await using var report = await scratch.OpenConnectionAsync();
        await using var open = await report.BeginTransactionAsync();
        await report.ExecuteAsync("select * from busy");

        using var log = new LogBook();
        using var loggers = new LoggerFactory([log]);
        var migrating = new Migrator(
            scratch, Options.Create(new DatabaseOptions { MigrationLockTimeout = TimeSpan.FromMilliseconds(50) }), loggers.CreateLogger<Migrator>(), migrations).MigrateAsync(default);
        await Eventually.IsTrueAsync(() => log.Text.Contains("0002_second waits for a table", StringComparison.Ordinal));

        // The statement_timeout would end it if it had to stand in the queue.
        Assert.Equal(0, await Scalar<long>(scratch, "select count(*) from busy"));
        Assert.False(migrating.IsCompleted);
        await open.RollbackAsync();
        await migrating;
        Assert.Equal(0, await Scalar<long>(scratch, "select count(m) from busy"));
    }

    [Fact]
    public async Task An_older_node_starts_on_a_newer_schema()
    {
        await using var scratch = await GivenEmptySchema("newer");
        var first = new Migration(1, "0001_first", "create table a (n int)");
        await Migrator(scratch, first, new Migration(2, "0002_second", "create table b (n int)")).MigrateAsync(default);

        await Migrator(scratch, first).MigrateAsync(default);

        Assert.True(await Migrator(scratch, first).IsCurrentAsync(default));
    }

    private static Migrator Migrator(NpgsqlDataSource source, params Migration[] migrations) =>
        new(source, Options.Create(new DatabaseOptions()), NullLogger<Migrator>.Instance, migrations);

    private static async Task<T?> Scalar<T>(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    /// A schema of its own in the class's database is as good as a database of its own, and much cheaper.
    private async Task<NpgsqlDataSource> GivenEmptySchema(string name)
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync($"create schema {name}");
        return PostgresSource.Create($"{db.ConnectionString};Search Path={name}", new DatabaseOptions());
    }
}
