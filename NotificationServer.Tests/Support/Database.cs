using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Tests.Support;

/// A fresh, migrated database for one test class: `IClassFixture&lt;Database&gt;`.
public sealed class Database : IAsyncLifetime
{
    private static readonly Lazy<Task<string>> Template = new(TemplateAsync);

    private readonly string name = $"ns_test_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    public string ConnectionString => PostgresServer.ConnectionStringFor(name);

    public NpgsqlDataSource Source { get; private set; } = null!; // xunit calls InitializeAsync before any test

    public async Task InitializeAsync()
    {
        await PostgresServer.ExecuteAsync($"""create database "{name}" template "{await Template.Value}" """);
        Source = Open(ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await PostgresServer.ExecuteAsync($"""drop database if exists "{name}" with (force)""");
    }

    private static NpgsqlDataSource Open(string connectionString) =>
        PostgresSource.Create(connectionString, new DatabaseOptions { MaxPoolSize = 20, CommandTimeout = TimeSpan.FromSeconds(30) });

    /// Made by the real migrator, once; copying it takes a tenth of the time. Its name says which schema and day (the logs have
    /// partitions by day) it holds, so that a later run on the same server finds it.
    private static async Task<string> TemplateAsync()
    {
        var schema = SHA256.HashData(Migration.Embedded.SelectMany(m => m.Checksum).Select(c => (byte)c).ToArray());
#if HANGFIRE
        const string engine = "hangfire_";
#else
        const string engine = "";
#endif
        var template = $"ns_template_{engine}{Convert.ToHexStringLower(schema)[..16]}_{TimeProvider.System.GetUtcNow():yyyyMMdd}";

        await using var admin = NpgsqlDataSource.Create(PostgresServer.AdminConnectionString);
        await using var connection = await admin.OpenConnectionAsync();
        await connection.ExecuteAsync("select pg_advisory_lock(hashtextextended('ns_template', 0))", commandTimeout: 120);
        if (await connection.ExecuteScalarAsync<bool>("select exists (select from pg_database where datname = @template)", new { template }))
            return template;

        // Renamed when it is whole, so that a run that dies here leaves nothing that looks like a template.
        var draft = $"{template}_{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        await connection.ExecuteAsync($"""create database "{draft}" """, commandTimeout: 60);
        await using (var db = Open(PostgresServer.ConnectionStringFor(draft) + ";Pooling=false"))
            await new Migrator(db, Options.Create(new DatabaseOptions()), NullLogger<Migrator>.Instance, Migration.Embedded).MigrateAsync(default);
#if HANGFIRE
        // Its schema is its own: so that our statements on it can be prepared where no server has run yet.
        await using (var hangfire = new NpgsqlConnection(PostgresServer.ConnectionStringFor(draft) + ";Pooling=false"))
        {
            await hangfire.OpenAsync();
            Hangfire.PostgreSql.PostgreSqlObjectsInstaller.Install(hangfire);
        }
#endif
        await connection.ExecuteAsync($"""alter database "{draft}" rename to "{template}" """);
        return template;
    }
}
