using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Simulator;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// A newer version is deployed while an older one serves. Newer is: it has more migrations, which give each table a column and bring jobs of a kind that
/// the older one has never heard of. (The code of both is this one; what the next one does with its kinds is not played.)
public sealed class DeployJourneys(Database database) : IClassFixture<Database>, IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_deploy_");
    private readonly ConcurrentBag<string> refused = [];
    private SimulatorHost simulator = null!; // xunit initialises before any test
    private int posted;

    public async Task InitializeAsync() => simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory.FullName }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await simulator.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_newer_version_migrates_under_an_older_one_which_serves_on_and_leaves_alone_what_it_does_not_know()
    {
        await using var older = await NodeAsync(Migration.Embedded); // wherever this breaks off, nobody posts to it any more
        using var stop = new CancellationTokenSource();
        var traffic = PostUntilAsync(older, stop.Token);
        await Eventually.IsTrueAsync(() => posted > 20);

        // Under load: each of them waits for its table, and the posts for it.
        await using var newer = await NodeAsync([.. Migration.Embedded, .. await OfTomorrowAsync()]);
        var since = posted;
        await Eventually.IsTrueAsync(() => posted > since + 20);
        Assert.Equal(HttpStatusCode.OK, (await older.Client.GetAsync("/healthz/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await newer.Client.GetAsync("/healthz/ready")).StatusCode);
        await stop.CancelAsync();
        await traffic;

        // Everything that rescues, expires, sets aside and counts, on the older one.
        foreach (var sweep in older.Services.GetServices<ISweep>()) await sweep.RunNowAsync(CancellationToken.None);
        Assert.Equal(2, await CountAsync("select count(*) from jobs where kind = 9 and attempt = 0 and crashes = 0"));

        // Back and forth: the older one leaves, and because tomorrow's is no good, it comes back.
        await older.DisposeAsync();
        for (var i = 0; i < 10; i++) await PostAsync(newer);
        await using var again = await NodeAsync(Migration.Embedded);
        Assert.Contains("newer than this build", again.Log.Text, StringComparison.Ordinal);
        for (var i = 0; i < 10; i++) await PostAsync(again);

        Assert.Empty(refused);
        await Eventually.IsTrueAsync(async () => await CountAsync("select count(*) from jobs where kind = 1") == 0);
        Assert.Equal(posted, await CountAsync("select count(*) from messages where status = 'sent'"));
        Assert.Equal(Enumerable.Range(1, posted).Select(Phone).Order(), simulator.Ledger.Select(entry => entry.To).Order());
        Assert.Equal(2, await CountAsync("select count(*) from jobs where kind = 9 and attempt = 0 and crashes = 0"));
    }

    private Task<ServerHost> NodeAsync(IReadOnlyList<Migration> migrations) => StartAsync(new ServerHost(
        Environments.Development, new Dictionary<string, string?>(simulator.ServerConfiguration) { ["Queue:Poll"] = "00:00:00.05", ["Database:MaxPoolSize"] = "20" }, database)
    {
        Migrations = migrations,
    });

    private static async Task<ServerHost> StartAsync(ServerHost host)
    {
        await host.InitializeAsync();
        return host;
    }

    /// As the rules for migrations have it: one table at a time, and only more of everything.
    private async Task<IEnumerable<Migration>> OfTomorrowAsync()
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        var tables = await connection.QueryAsync<string>("""
            select relname from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'schema_migrations'
            order by relname
            """);
        var columns = tables.Select((table, i) => new Migration(9000 + i, $"{9000 + i}_{table}", $"alter table {table} add column of_tomorrow text"));
        return
        [
            .. columns,
            new Migration(9999, "9999_new_kind", """
                create table things_of_tomorrow (id uuid primary key);
                insert into jobs (channel, id, kind, lane, run_at, expires_at) values ('sms', gen_random_uuid(), 9, 0, now(), now() - interval '1 second');
                insert into jobs (channel, id, kind, lane, run_at, state, leased_by, leased_at, lease_until)
                values ('sms', gen_random_uuid(), 9, 0, now(), 1, 'tomorrow', now() - interval '1 hour', now() - interval '30 minutes');
                """),
        ];
    }

    private async Task PostUntilAsync(ServerHost node, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) await PostAsync(node);
    }

    private async Task PostAsync(ServerHost node)
    {
        var number = Interlocked.Increment(ref posted);
        using var response = await node.Client.PostAsJsonAsync("/v1/notifications", new { to = new[] { new { phone = Phone(number) } }, channels = new[] { "sms" }, content = new { text = $"Number {number}" } });
        if (response.StatusCode != HttpStatusCode.Accepted) refused.Add($"{number}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static string Phone(int number) => $"+1555{number:D7}";

    private async Task<int> CountAsync(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
