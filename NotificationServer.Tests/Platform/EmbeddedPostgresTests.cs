using System.Globalization;
using System.Runtime.Versioning;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-embedded-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_second_start_continues_with_the_same_data()
    {
        await using (var first = Server())
        {
            await first.StartAsync(default);
            await ExecuteAsync(first, "create table kept (n int); insert into kept values (42)");
        }

        await using var second = Server();
        await second.StartAsync(default);

        Assert.Equal("42", await AskAsync(second, "select n::text from kept"));
    }

    // mktemp makes such folders, and so is a home directory: when we are root, PostgreSQL runs as somebody who may not pass through it.
    [Fact]
    public async Task It_runs_below_a_folder_that_is_closed_to_others_and_recovers_there_from_a_crash()
    {
        folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        await using var server = Server();
        await server.StartAsync(default);
        await ExecuteAsync(server, "create table kept (n int); insert into kept values (42)");
        await Subprocess.RunAsync(["kill", "-9", Pid()], default);
        await Eventually.IsTrueAsync(() => !PostgresCluster.IsHeld(Path.Combine(folder.FullName, "postgres")));
        await server.StopAsync();

        await using var next = Server();
        await next.StartAsync(default);

        Assert.Equal("42", await AskAsync(next, "select n::text from kept"));
    }

    [Fact]
    public async Task It_wants_a_password_listens_on_loopback_only_and_keeps_what_it_confirms()
    {
        await using var server = Server();
        await server.StartAsync(default);

        var stranger = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(stranger.ConnectionString);
        Assert.Equal(PostgresErrorCodes.InvalidPassword, (await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync())).SqlState);
        Assert.Equal("127.0.0.1", await AskAsync(server, "show listen_addresses"));
        Assert.Equal("", await AskAsync(server, "show unix_socket_directories"));
        Assert.Equal("on on on", await AskAsync(server,
            "select concat_ws(' ', current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'))"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.FullName, "postgres.json")));
    }

    [Fact]
    public async Task Only_one_server_may_use_a_data_directory()
    {
        await using var first = Server();
        await first.StartAsync(default);
        await using var second = Server();

        var refused = await Assert.ThrowsAsync<StartupException>(() => second.StartAsync(default));

        Assert.Contains("NS_DATA_DIR", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_somebody_else_took_is_given_up()
    {
        string before;
        await using (var first = Server())
        {
            await first.StartAsync(default);
            before = first.ConnectionString;
        }

        using var thief = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, new NpgsqlConnectionStringBuilder(before).Port);
        thief.Start();
        await using var second = Server();
        await second.StartAsync(default);

        Assert.NotEqual(before, second.ConnectionString);
        Assert.Equal("1", await AskAsync(second, "select 1::text"));
    }

    // In a container the number of a dead server soon belongs to something else.
    [Fact]
    public async Task A_pid_file_that_names_another_program_does_not_stop_the_start()
    {
        await using (var first = Server())
            await first.StartAsync(default);
        await File.WriteAllTextAsync(PidFile, $"{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}\n{folder.FullName}/postgres/cluster\n");

        await using var second = Server();
        await second.StartAsync(default);

        Assert.Equal("1", await AskAsync(second, "select 1::text"));
    }

    private string PidFile => Path.Combine(folder.FullName, "postgres", "cluster", "postmaster.pid");

    private string Pid() => File.ReadLines(PidFile).First();

    private EmbeddedPostgres Server() =>
        new(new DataDirectory(folder.FullName), TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);

    private static async Task ExecuteAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.ExecuteAsync(sql);
    }

    private static async Task<string?> AskAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        return await connection.ExecuteScalarAsync<string>(sql);
    }
}
