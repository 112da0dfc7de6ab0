using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Platform.Restores;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform.Restores;

/// A database that is an older copy, or a copy elsewhere, is not sent from until a person says so. What a restore brings back is put back by hand
/// here, row by row; `./bench faults F17` restores a data directory.
public sealed class RestoreGuardTests : IAsyncLifetime
{
    private readonly Database database = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-restore-");

    public Task InitializeAsync() => database.InitializeAsync();

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_node_goes_on_with_the_database_that_it_knows_also_after_a_restart()
    {
        var first = await NodeAsync("one");
        var restarted = await NodeAsync("one");
        var new1 = await NodeAsync("new");

        Assert.All([first, restarted, new1], node => Assert.True(node is { MaySend: true, IsHeld: false }));
    }

    [Fact]
    public async Task What_lacks_what_a_node_has_seen_is_held_for_every_node_and_on_record()
    {
        var node = await NodeAsync("one");
        await RestoreAsync(ago: TimeSpan.FromMinutes(5));

        await node.LookAsync(default);
        var another = await NodeAsync("another");

        Assert.All([node, another], each => Assert.True(each is { MaySend: false, IsHeld: true, Fence: null }));
        Assert.Equal("older", await AskAsync<string>("select doubt from instance"));
        Assert.InRange(await AskAsync<double>("select (evidence ->> 'lost_seconds')::double precision from instance"), 299, 310);
        Assert.Equal(1, await AskAsync<int>("select count(*) from audit_log where action = 'sending.hold'"));
    }

    [Fact]
    public async Task What_was_remembered_in_the_data_directory_counts_after_a_restart()
    {
        var before = await NodeAsync("one");
        await before.StopAsync(default);
        await RestoreAsync(ago: TimeSpan.FromMinutes(5));

        var after = await NodeAsync("one");

        Assert.True(after.IsHeld);
    }

    /// Whoever starts first and remembers nothing raises counts of its own, not those that others remember.
    [Fact]
    public async Task A_node_that_remembers_is_believed_also_after_others_have_worked_with_the_copy()
    {
        await (await NodeAsync("one")).StopAsync(default);
        await RestoreAsync(ago: TimeSpan.FromMinutes(5));
        var newcomer = await NodeAsync("newcomer");
        for (var i = 0; i < 20; i++) await newcomer.LookAsync(default);
        Assert.True(newcomer.MaySend);

        Assert.True((await NodeAsync("one")).IsHeld);
        await newcomer.LookAsync(default);
        Assert.True(newcomer.IsHeld);
    }

    [Fact]
    public async Task The_last_moment_of_a_server_that_a_standby_took_over_from_may_be_missing()
    {
        var node = await NodeAsync("one");
        await node.LookAsync(default);
        await ExecuteAsync("update instance_witnesses set count = count - 1, at = at - interval '1 second'");

        await node.LookAsync(default);

        Assert.True(node.MaySend);
    }

    [Fact]
    public async Task A_copy_beside_the_original_is_held_and_the_original_goes_on()
    {
        var original = await NodeAsync("one");
        var name = $"{new NpgsqlConnectionStringBuilder(database.ConnectionString).Database}_copy";
        await PostgresServer.ExecuteAsync($"""select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name[..^5]}'""");
        await PostgresServer.ExecuteAsync($"""create database "{name}" template "{name[..^5]}" """);
        try
        {
            await using var copy = PostgresSource.Create(PostgresServer.ConnectionStringFor(name), new DatabaseOptions());
            var clone = Node("clone", copy);
            await clone.StartAsync(default);
            await clone.StopAsync(default);

            Assert.True(clone.IsHeld);
            await using var connection = await copy.OpenConnectionAsync();
            Assert.Equal("elsewhere", await connection.ExecuteScalarAsync<string>("select doubt from instance"));
        }
        finally
        {
            await PostgresServer.ExecuteAsync($"""drop database "{name}" with (force)""");
        }
        await Eventually.IsTrueAsync(() => LooksAsync(original)); // its connections were cut for the copy
        Assert.True(original.MaySend);
    }

    [Fact]
    public async Task A_database_of_an_installation_of_another_name_is_held()
    {
        Assert.True((await NodeAsync("one", new RestoreOptions { Installation = "production" })).MaySend);
        Assert.True((await NodeAsync("unnamed")).MaySend);

        Assert.True((await NodeAsync("two", new RestoreOptions { Installation = "staging" })).IsHeld);
    }

    [Fact]
    public async Task After_a_takeover_a_node_that_remembers_vouches_for_those_that_do_not()
    {
        var patient = new RestoreOptions { Patience = TimeSpan.FromMinutes(1) };
        var node = await NodeAsync("one", patient);
        await ExecuteAsync("update instance set timeline = '0000007F'");
        var newcomer = await NodeAsync("newcomer", patient);
        Assert.True(newcomer is { MaySend: false, IsHeld: false }); // it waits for somebody who knows

        await node.LookAsync(default);
        await newcomer.LookAsync(default);

        Assert.True(node.MaySend);
        Assert.True(newcomer.MaySend);
    }

    [Fact]
    public async Task After_a_restore_that_nobody_remembers_from_before_a_person_decides()
    {
        await NodeAsync("one");
        await ExecuteAsync("update instance set timeline = '0000007F'");

        var newcomer = await NodeAsync("newcomer", new RestoreOptions { Patience = TimeSpan.Zero });
        await newcomer.LookAsync(default);

        Assert.True(newcomer.IsHeld);
        Assert.Equal("timeline", await AskAsync<string>("select doubt from instance"));
    }

    [Fact]
    public async Task When_a_person_has_decided_every_node_goes_on_and_only_one_decision_counts()
    {
        var (one, two) = (await NodeAsync("one"), await NodeAsync("two"));
        await RestoreAsync(ago: TimeSpan.FromMinutes(5));
        await one.LookAsync(default);

        Assert.True(await Store.ConfirmAsync(setAside: false, "it is the right one", "staff:ada@example.org", default));
        Assert.False(await Store.ConfirmAsync(setAside: false, "again", "staff:bob@example.org", default));
        foreach (var node in new[] { one, two, await NodeAsync("one") })
        {
            await node.LookAsync(default);
            Assert.True(node.MaySend);
        }
        Assert.Equal("it is the right one", await AskAsync<string>("select reason from audit_log where action = 'sending.confirm'"));
    }

    [Fact]
    public async Task A_restore_of_what_was_before_a_decision_is_noticed_however_long_ago_that_was()
    {
        var node = await NodeAsync("one");
        await RestoreAsync(ago: TimeSpan.FromMinutes(5));
        await node.LookAsync(default);
        await Store.ConfirmAsync(setAside: false, "go on", "staff:ada@example.org", default);
        await node.LookAsync(default);
        Assert.True(node.MaySend);

        await ExecuteAsync("update instance set epoch = 1");
        await node.LookAsync(default);
        Assert.True(node.IsHeld);

        // The next decision is newer than all that anybody remembers.
        await Store.ConfirmAsync(setAside: false, "go on", "staff:ada@example.org", default);
        await node.LookAsync(default);
        Assert.True(node.MaySend);
        Assert.Equal(3, await AskAsync<int>("select epoch from instance"));
    }

    /// The right backup is not always the first that somebody tries, and the servers run meanwhile.
    [Fact]
    public async Task The_next_copy_that_is_put_under_running_nodes_is_held_as_the_first_was()
    {
        var (one, two) = (await NodeAsync("one"), await NodeAsync("two"));
        await RestoreAsync(ago: TimeSpan.FromMinutes(5));
        await one.LookAsync(default);
        await two.LookAsync(default); // only hears of it

        await LetGoByACopyAsync();
        await two.LookAsync(default);

        Assert.Equal("older", await AskAsync<string>("select doubt from instance where held_at is not null"));
        Assert.True(await Store.ConfirmAsync(setAside: false, "this is the right one", "staff:ada@example.org", default));
        await one.LookAsync(default);
        Assert.True(one.MaySend);
    }

    /// A backup that was made while sending was held says so, but not how far the epochs have come since.
    [Fact]
    public async Task A_copy_that_was_held_when_it_was_made_hears_of_the_decisions_that_it_lacks()
    {
        var node = await NodeAsync("one");
        for (var i = 0; i < 2; i++)
        {
            await LetGoByACopyAsync();
            await node.LookAsync(default);
            Assert.True(await Store.ConfirmAsync(setAside: false, "go on", "staff:ada@example.org", default));
            await node.LookAsync(default);
        }
        await ExecuteAsync("update instance set epoch = 1, epoch_seen = 0, held_at = now(), held_by = 'n0', doubt = 'older', evidence = '{}'");
        await node.LookAsync(default);
        await ExecuteAsync("update instance set epoch = 1, epoch_seen = 0");
        await node.LookAsync(default);

        Assert.True(await Store.ConfirmAsync(setAside: false, "go on", "staff:ada@example.org", default));
        await node.LookAsync(default);

        Assert.True(node.MaySend);
    }

    /// As a copy from before anybody held it.
    private async Task LetGoByACopyAsync()
    {
        await RestoreAsync(ago: TimeSpan.FromMinutes(5));
        await ExecuteAsync("update instance set held_at = null, held_by = null, doubt = null, evidence = null, copy_at = null");
    }

    private static async Task<bool> LooksAsync(RestoreGuard node)
    {
        try
        {
            await node.LookAsync(default);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private InstanceStore Store => new(database.Source, NullLogger<InstanceStore>.Instance);

    private RestoreGuard Node(string name, NpgsqlDataSource db, RestoreOptions? options = null) => new(
        new InstanceStore(db, NullLogger<InstanceStore>.Instance),
        new InstanceMemory(new DataDirectory(Path.Combine(folder.FullName, name)), NullLogger<InstanceMemory>.Instance),
        Options.Create(options ?? new RestoreOptions()), TimeProvider.System, NullLogger<RestoreGuard>.Instance);

    /// Started, and looking only when it is told to.
    private async Task<RestoreGuard> NodeAsync(string name, RestoreOptions? options = null)
    {
        var node = Node(name, database.Source, options);
        await node.LookAsync(default);
        return node;
    }

    /// All that nodes have noted since is gone.
    private Task RestoreAsync(TimeSpan ago) =>
        ExecuteAsync("update instance_witnesses set count = greatest(0, count - 150), at = at - @ago, began_at = began_at - @ago", new { ago });

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private Task<T?> AskAsync<T>(string sql) => database.Source.AskAsync<T>(sql);
}
