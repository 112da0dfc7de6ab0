using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

/// The whole server as a role that owns nothing, made by docs/database-roles.sql as it stands (but for the names, which are of the whole PostgreSQL).
[Bar("S32")]
public sealed class LeastPrivilegeTests : IAsyncLifetime
{
    private const string Password = "seven-quiet-herons";
    private readonly Database database = new();
    private readonly string app = $"ns_app_{Guid.CreateVersion7():N}";
    private readonly string owner = $"ns_owner_{Guid.CreateVersion7():N}";

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        await MakeRolesAsync(database.Source);
        await PostgresServer.ExecuteAsync($"alter role {app} password '{Password}'; alter role {owner} password '{Password}'");
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        await PostgresServer.ExecuteAsync($"drop role {app}; drop role {owner}");
    }

    [Fact]
    public async Task The_server_does_all_of_its_work_as_a_role_that_owns_nothing()
    {
        await ExecuteAsync("select 'drop table messages_' || to_char((now() at time zone 'UTC')::date + 2, 'YYYYMMDD')", runs: true);
        await ExecuteAsync("select create_log_partitions((now() at time zone 'UTC')::date - 120, 1)");
        await ExecuteAsync("""
            insert into audit_log (id, at, actor, action, target)
            select uuid_from(at), at, 'server', 'chore.run', 'chore:' || days from unnest(array[5, 500]) as days, lateral (select now() - make_interval(days => days) as at) as t
            """);
        await ExecuteAsync("insert into audit_log (id, at, actor, action, target) values (uuid_from(now()), now(), 'server', 'user.block', 'user:u_1')");
        await using var server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["ConnectionStrings:Default"] = As(app), ["Queue:Sweep"] = "00:00:00.5", ["Retention:LockWait"] = "00:00:03",
        }, database);

        // A message, from the request to the inbox; a person who comes and is erased; the pages.
        using var put = await server.Client.PutAsJsonAsync("/v1/users/u_1", new { email = "ann@example.org" });
        using var posted = await server.Client.PostAsJsonAsync("/v1/notifications", new
        {
            event_id = "e1", to = new[] { new { user_id = "u_1" } }, channels = new[] { "email" }, content = new { subject = "Hello", text = "It works." },
        });
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
        await Eventually.IsTrueAsync(async () => await AskAsync<int>("select count(*) from messages where status = 'sent'") == 1);
        using var erased = await server.Client.PostAsJsonAsync("/v1/users/u_1:erase", new { reason = "asked for it" });
        Assert.True(erased.IsSuccessStatusCode, await erased.Content.ReadAsStringAsync());
        Assert.Equal(0, await AskAsync<int>("select count(*) from audit_log where target = 'user:u_1'"));
        var file = server.Services.GetRequiredService<DevelopmentFile>();
        using var admin = new AdminClient(server.Address);
        Assert.Equal(302, (int)(await admin.SignInAsync(file.Get("NS_ADMIN_EMAIL")!, file.Get("NS_ADMIN_PASSWORD")!)).StatusCode); // both are made at its start
        foreach (var page in new[] { "/admin", "/admin/queues", "/admin/nodes", "/admin/messages", "/admin/audit", "/admin/campaigns", "/admin/keys" })
            Assert.Equal(200, (int)(await admin.GetAsync(page)).StatusCode);

        // The chores: days ahead, old days, old entries.
        await using var limited = PostgresSource.Create(As(app), new DatabaseOptions());
        var book = new ChoreBook(limited, TimeProvider.System);
        await new PartitionKeeper(limited, book, NullLogger<PartitionKeeper>.Instance).RunOnceAsync(default);
        await new Retention(limited, Options.Create(new RetentionOptions { LockWait = TimeSpan.FromSeconds(3) }), book, NullLogger<Retention>.Instance).RunOnceAsync(default);
        await new OperatorRetention(limited, Options.Create(new RetentionOptions())).RunOnceAsync(default);
        Assert.True(await AskAsync<bool>("select to_regclass('messages_' || to_char((now() at time zone 'UTC')::date + 2, 'YYYYMMDD')) is not null"));
        Assert.True(await AskAsync<bool>("select to_regclass('messages_' || to_char((now() at time zone 'UTC')::date - 120, 'YYYYMMDD')) is null"));
        Assert.Equal("chore:5", await AskAsync<string>("select string_agg(target, ' ') from audit_log where target like 'chore:%'"));
        await Eventually.IsTrueAsync(async () => await AskAsync<int>("select count(*) from chores where ran_at is not null") > 10);
        Assert.Equal(0, await AskAsync<int>("select count(*) from chores where failures > 0"));
        Assert.DoesNotContain("permission denied", server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task And_it_could_do_no_more_if_somebody_else_held_its_password()
    {
        await using var limited = NpgsqlDataSource.Create(As(app));
        foreach (var attempt in new[]
        {
            "drop table messages", "truncate messages", "alter table audit_log add column x int", "create table mine (n int)", "create schema mine",
            "update audit_log set actor = 'nobody'", "delete from audit_log", "truncate audit_log", "delete from schema_migrations",
            "select * from pg_authid", $"alter role {app} superuser", "alter table users disable trigger all", "copy users to program 'cat'",
            "create or replace function forget_audit(keep interval, most integer) returns integer language sql as 'select 1'", $"set role {owner}",
        })
        {
            await using var connection = await limited.OpenConnectionAsync();
            var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(attempt));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{attempt}: {refused.Message}");
        }
        // What it may forget is old.
        await ExecuteAsync("insert into audit_log (id, at, actor, action, target) values (uuid_from(now() - interval '20 days'), now() - interval '20 days', 'server', 'chore.run', 'chore:y')");
        await using var again = await limited.OpenConnectionAsync();
        Assert.Equal(0, await again.ExecuteScalarAsync<int>("select forget_audit('0 days', 1000)"));
    }

    [Fact]
    public async Task A_node_that_may_not_change_the_schema_says_who_may_and_the_owner_does()
    {
        var name = $"ns_test_roles_{Guid.CreateVersion7():N}";
        await PostgresServer.ExecuteAsync($"create database {name}");
        try
        {
            await using var admin = NpgsqlDataSource.Create(PostgresServer.ConnectionStringFor(name) + ";Pooling=false");
            await MakeRolesAsync(admin);
            await using var limited = PostgresSource.Create(As(app, name), new DatabaseOptions());
            await using var owning = PostgresSource.Create(As(owner, name), new DatabaseOptions());
            var migrator = new Migrator(limited, Options.Create(new DatabaseOptions()), NullLogger<Migrator>.Instance, Migration.Embedded);

            var refused = await Assert.ThrowsAsync<PostgresException>(() => migrator.MigrateAsync(default));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            await migrator.MigrateAsync(owning, default);
            await migrator.MigrateAsync(default); // nothing is left to do
            await MakeRolesAsync(admin);

            Assert.True(await migrator.IsCurrentAsync(default));
            await using var connection = await limited.OpenConnectionAsync();
            Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from messages"));
            await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("delete from audit_log"));
        }
        finally
        {
            await PostgresServer.ExecuteAsync($"drop database {name} with (force)");
        }
    }

    private string As(string role, string? name = null)
    {
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = Password };
        if (name is not null) address.Database = name;
        return address.ConnectionString;
    }

    private async Task MakeRolesAsync(NpgsqlDataSource db)
    {
        var script = Source.Read("docs/database-roles.sql").Replace("notifications_app", app, StringComparison.Ordinal).Replace("notifications_owner", owner, StringComparison.Ordinal);
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(script);
    }

    /// Runs: what the statement says is run too.
    private async Task ExecuteAsync(string sql, bool runs = false)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(runs ? (await connection.ExecuteScalarAsync<string>(sql))! : sql); // a line of text
    }

    private Task<T?> AskAsync<T>(string sql) => database.Source.AskAsync<T>(sql);
}
