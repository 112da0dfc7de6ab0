using Dapper;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

/// `./run`, as somebody types it who has just cloned the repository.
public sealed class RunTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-run-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task It_serves_stops_cleanly_and_continues_with_the_same_data_beside_another_one()
    {
        await using var first = Run("one");
        await using var beside = Run("two");
        await Task.WhenAll(first.BecomeReadyAsync(), beside.BecomeReadyAsync());
        Assert.NotEqual(first.Url, beside.Url);
        Assert.Contains("curl -sS", first.Output, StringComparison.Ordinal);
        await InDatabaseAsync("one", "create table kept (n int)");

        Assert.Equal(0, await first.TerminateAsync());
        Assert.False(IsPostgresRunning("one"));
        Assert.True(IsPostgresRunning("two"));

        await using var again = Run("one");
        await again.BecomeReadyAsync();
        await InDatabaseAsync("one", "insert into kept values (1)");
        Assert.Equal(0, await again.SignalAsync("INT", again.Id));
        Assert.Equal(0, await beside.TerminateAsync());
        Assert.False(IsPostgresRunning("one") || IsPostgresRunning("two"));
    }

    // A terminal sends Ctrl-C to everything that was started from it: PostgreSQL must live on until the server is done with it.
    [Fact]
    public async Task Ctrl_C_in_a_terminal_stops_everything_in_order()
    {
        await using var server = ServerProcess.Launch(["setsid", Script, "--port", "0"], folder.FullName);
        await server.BecomeReadyAsync();

        Assert.Equal(0, await server.SignalAsync("INT", -server.Id));

        Assert.False(PostgresCluster.IsHeld(Path.Combine(folder.FullName, "postgres")));
        Assert.DoesNotContain("terminating connection", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", 0, "Usage: ./run")]
    [InlineData("--nonsense", 1, "error: Unknown option --nonsense")]
    [InlineData("--port", 1, "error: --port needs a number")]
    [InlineData("--nodes=7", 1, "error: --nodes is a number from 1 to 6")]
    public async Task It_explains_its_options(string option, int exitCode, string says)
    {
        await using var run = ServerProcess.Launch([Script, option], folder.FullName);

        Assert.Equal(exitCode, await run.ExitAsync());
        Assert.Contains(says, run.Output, StringComparison.Ordinal);
    }

    private static string Script => Path.Combine(ServerProcess.Repository, "run");

    private ServerProcess Run(string name) => ServerProcess.Launch([Script, "--port", "0"], Path.Combine(folder.FullName, name));

    private bool IsPostgresRunning(string name) => PostgresCluster.IsHeld(Path.Combine(folder.FullName, name, "postgres"));

    private async Task InDatabaseAsync(string name, string sql)
    {
        var data = new DataDirectory(Path.Combine(folder.FullName, name));
        var identity = PostgresIdentity.Settle(data, data.Locate("postgres"));
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={identity.Port};Username=postgres;Password={identity.Password};Database=notifications;Pooling=false");
        await connection.ExecuteAsync(sql);
    }
}
