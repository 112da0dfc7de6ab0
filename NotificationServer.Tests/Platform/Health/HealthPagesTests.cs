using System.Net;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform.Health;

/// What a load balancer is told, and who is told why.
public sealed class HealthPagesTests : IClassFixture<HealthPagesTests.Behind>
{
    /// Behind a proxy on this machine, which says from where it was called.
    public sealed class Behind : IAsyncLifetime
    {
        internal ServerHost Server { get; private set; } = null!; // xunit initialises before any test

        public async Task InitializeAsync() => Server = await ServerHost.StartAsync(Environments.Production, new Dictionary<string, string?>
        {
            ["Proxies:Trusted:0"] = "127.0.0.1", ["Health:AllowedNetworks:0"] = "10.1.0.0/16", ["Roles"] = "api,worker",
        });

        public Task DisposeAsync() => Server.DisposeAsync();
    }

    private readonly ServerHost server;
    private readonly HttpClient nobody;

    public HealthPagesTests(Behind behind) => (server, nobody) = (behind.Server, behind.Server.ClientFor(null));

    [Fact]
    public async Task A_node_is_ready_when_each_of_its_checks_says_so()
    {
        await UntilAsync("ready");

        using var answer = await nobody.GetAsync("/healthz/ready");
        var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(
            """{"database":"writable","heartbeat":"heard","schema":"current","sending":"free","stopping":"no","workers":"claiming"}""",
            said.GetProperty("checks").GetRawText());
    }

    [Theory]
    [InlineData("live")]
    [InlineData("ready")]
    public async Task Whoever_asks_with_HEAD_gets_the_same_without_a_body(string page)
    {
        await UntilAsync("ready");
        using var head = new HttpRequestMessage(HttpMethod.Head, $"/healthz/{page}");

        using var answer = await nobody.SendAsync(head);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("203.0.113.9", false)]
    [InlineData("10.1.2.3", true)]
    [Bar("S39")]
    public async Task Only_this_machine_and_listed_networks_hear_which_check_it_is(string from, bool hears)
    {
        await UntilAsync("ready");

        var said = await nobody.JsonAsync("GET /healthz/ready", null, ("X-Forwarded-For", from));

        Assert.Equal(hears, said.TryGetProperty("checks", out _));
        Assert.Equal("ready", said.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_makes_it_not_ready_and_leaves_it_alive()
    {
        await UntilAsync("ready");
        await DatabaseAsync("set default_transaction_read_only = on");
        try
        {
            await UntilAsync("not_ready", ("database", "read_only"));
            Assert.Equal("live", (await nobody.JsonAsync("GET /healthz/live")).GetProperty("status").GetString());
            using var told = await nobody.SendAsync("GET /healthz/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, told.StatusCode);
        }
        finally
        {
            await DatabaseAsync("reset default_transaction_read_only");
        }
        await UntilAsync("ready");
    }

    [Fact]
    public async Task A_schema_that_lacks_one_of_its_migrations_makes_it_not_ready_and_one_more_does_not()
    {
        await UntilAsync("ready");
        await using var connection = await OwnAsync();
        await connection.ExecuteAsync("insert into schema_migrations (number, name, checksum) values (9999, '9999_of_tomorrow', 'x'); update schema_migrations set number = -number where number = 3");

        try
        {
            await UntilAsync("not_ready", ("schema", "behind"));
        }
        finally
        {
            await connection.ExecuteAsync("update schema_migrations set number = -number where number < 0");
        }
        await UntilAsync("ready", ("schema", "current"));
    }

    private Task UntilAsync(string status, (string Name, string Says)? check = null) => Eventually.IsTrueAsync(async () =>
    {
        using var answer = await nobody.GetAsync("/healthz/ready");
        var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return said.GetProperty("status").GetString() == status && (check is not { } one || said.GetProperty("checks").GetProperty(one.Name).GetString() == one.Says);
    });

    /// New connections obey it, so the old ones have to go.
    private async Task DatabaseAsync(string change)
    {
        var name = new NpgsqlConnectionStringBuilder(server.Database.ConnectionString).Database;
        await PostgresServer.ExecuteAsync($"""alter database "{name}" {change}""");
        await PostgresServer.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()");
    }

    private async Task<NpgsqlConnection> OwnAsync()
    {
        var connection = new NpgsqlConnection(server.Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
