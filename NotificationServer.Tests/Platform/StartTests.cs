using Dapper;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

/// The server as people start and stop it.
public sealed class StartTests(Database db) : IClassFixture<Database>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-start-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task With_a_database_of_yours_it_starts_nothing_of_its_own()
    {
        await using var server = await ServerProcess.StartAsync(folder.FullName, WithDatabase());

        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "postgres")));
        Assert.Equal($"NS_URL={server.Url.ToString().TrimEnd('/')}", File.ReadLines(Path.Combine(folder.FullName, "dev.env")).Single(line => line.StartsWith("NS_URL", StringComparison.Ordinal)));
        Assert.Equal(0, await server.TerminateAsync());
    }

    [Fact]
    public async Task After_kill_9_the_next_start_goes_on_with_the_same_PostgreSQL_and_a_clean_stop_ends_it()
    {
        var first = await ServerProcess.StartAsync(folder.FullName);
        first.Kill9();
        await first.ExitAsync();
        Assert.True(PostgresIsRunning());

        await using var second = await ServerProcess.StartAsync(folder.FullName);
        Assert.Contains("still running", second.Output, StringComparison.Ordinal);
        Assert.Equal(0, await second.TerminateAsync());

        Assert.False(PostgresIsRunning());
    }

    [Fact]
    public async Task Stopped_while_it_starts_it_leaves_nothing_running()
    {
        await using var server = ServerProcess.Launch(["dotnet", ServerProcess.BuiltServer, "--port", "0"], folder.FullName);
        await Eventually.IsTrueAsync(() => server.Output.Contains("Creating a PostgreSQL", StringComparison.Ordinal), TimeSpan.FromSeconds(60));

        var exitCode = await server.TerminateAsync();

        Assert.Contains(exitCode, new[] { 0, 130 }); // 0 if it had just started after all
        Assert.False(PostgresIsRunning());
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check", 0, "valid")]
    [InlineData("migrate", 1, "error: The database cannot be reached")]
    [InlineData("nonsense", 1, "error: Unknown command 'nonsense'")]
    [InlineData("--port=many", 1, "error: 'many' is not a port")]
    public async Task A_command_ends_with_one_line_and_a_fitting_exit_code(string argument, int exitCode, string says)
    {
        await using var server = ServerProcess.Launch(["dotnet", ServerProcess.BuiltServer, argument], folder.FullName,
            new Dictionary<string, string> { ["ConnectionStrings__Default"] = "Host=127.0.0.1;Port=1" });

        Assert.Equal(exitCode, await server.ExitAsync());
        Assert.Contains(says, Assert.Single(server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    /// Whoever owns the tables, or lets sending go on, need not hold the secrets of the nodes.
    [Theory]
    [InlineData("migrate", 0, "The schema is current.")]
    [InlineData("confirm-restore --queued send --reason drill", 1, "error: Sending is not held")]
    [InlineData("check", 1, "error: Set Secrets__")]
    [InlineData("create-key --client ops --scopes ops:read", 1, "error: Set Secrets__")]
    public async Task In_production_a_command_asks_for_the_secrets_only_if_it_vouches_for_them_or_uses_them(string arguments, int exitCode, string says)
    {
        await using var server = ServerProcess.Launch(["dotnet", ServerProcess.BuiltServer, .. arguments.Split(' ')], folder.FullName,
            new Dictionary<string, string>(WithDatabase()) { ["ASPNETCORE_ENVIRONMENT"] = "Production" });

        Assert.Equal(exitCode, await server.ExitAsync());
        Assert.Contains(says, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_does_not_migrate_one_database_and_use_another()
    {
        await using var server = ServerProcess.Launch(["dotnet", ServerProcess.BuiltServer, "migrate"], folder.FullName,
            new Dictionary<string, string> { ["ConnectionStrings__Migrations"] = db.ConnectionString });

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("Set both, or neither", server.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "postgres")));
    }

    [Fact]
    public async Task Migrate_prepares_an_empty_database_and_ends()
    {
        var empty = $"ns_test_empty_{Guid.CreateVersion7():N}";
        await PostgresServer.ExecuteAsync($"create database {empty}");
        try
        {
            await using var server = ServerProcess.Launch(["dotnet", ServerProcess.BuiltServer, "migrate"], folder.FullName,
                new Dictionary<string, string> { ["ConnectionStrings__Default"] = PostgresServer.ConnectionStringFor(empty) });

            Assert.Equal(0, await server.ExitAsync());
            await using var connection = new NpgsqlConnection(PostgresServer.ConnectionStringFor(empty) + ";Pooling=false");
            Assert.Equal(Migration.Embedded.Count, await connection.ExecuteScalarAsync<int>("select count(*) from schema_migrations"));
        }
        finally
        {
            await PostgresServer.ExecuteAsync($"drop database {empty} with (force)");
        }
    }

    private Dictionary<string, string> WithDatabase() => new() { ["ConnectionStrings__Default"] = db.ConnectionString };

    private bool PostgresIsRunning() => PostgresCluster.IsHeld(Path.Combine(folder.FullName, "postgres"));
}
