using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Dapper;
using NotificationServer.Simulator;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// One database, two processes that each do a part.
public sealed class TwoNodeJourneys(Database database) : IClassFixture<Database>, IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_nodes_");
    private SimulatorHost simulator = null!; // xunit initialises before any test

    public async Task InitializeAsync() => simulator = await SimulatorHost.StartAsync(
        new SimulatorOptions { DataDirectory = directory.CreateSubdirectory("simulator").FullName }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await simulator.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task One_answers_and_the_other_sends_and_is_told_of_the_work()
    {
        // A poll so slow that only an announcement can explain a quick send.
        await using var front = await StartAsync("api,admin", poll: "00:01:00");
        await using var worker = await StartAsync("worker,scheduler", poll: "00:01:00");
        Assert.Equal(HttpStatusCode.NotFound, (await worker.Client.GetAsync(new Uri("v1/categories", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.Client.GetAsync(new Uri("admin/sign-in", UriKind.Relative))).StatusCode);
        // Until the worker listens.
        await Eventually.IsTrueAsync(async () => await ScalarAsync("select count(*) from nodes") == 2 && await ScalarAsync("select count(*) from pg_stat_activity where datname = current_database() and application_name like '%listener'") == 1);
        await using var connection = await database.Source.OpenConnectionAsync();
        Assert.Equal(["admin,api", "scheduler,worker"], (await connection.QueryAsync<string>("select (select string_agg(r, ',' order by r) from unnest(roles) r) from nodes")).Order());

        // The very first as well: the front need not have heard of the worker.
        for (var number = 0; number < 3; number++)
        {
            var to = $"+1555{number:D7}";
            var since = Stopwatch.GetTimestamp();
            await PostAsync(front, to);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(70));
            await simulator.WaitForAsync(entry => entry.To == to, patience.Token);
            Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public async Task Behind_PgBouncer_in_transaction_mode_everything_arrives_over_a_handful_of_connections()
    {
        const int Connections = 8;
        await using var pooler = await Pooler.StartAsync(database.ConnectionString, Connections);
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__Default"] = pooler.ConnectionString, ["Database__SendSessionLimits"] = "false", ["Queue__Notify"] = "false",
        };
        await using var front = await StartAsync("api,admin", poll: "00:00:00.1", settings);
        await using var worker = await StartAsync("worker,scheduler", poll: "00:00:00.1", settings);
        var phones = Enumerable.Range(0, 100).Select(i => $"+1556{i:D7}").ToArray();

        await Task.WhenAll(phones.Select(phone => PostAsync(front, phone)));

        await Eventually.IsTrueAsync(() => phones.All(phone => simulator.Ledger.Any(entry => entry.To == phone)), TimeSpan.FromSeconds(60));
        await Eventually.IsTrueAsync(async () => await ScalarAsync("select count(*) from messages where address like '+1556%' and status = 'sent'") == phones.Length);
        Assert.InRange(await ScalarAsync("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'notification-server' and backend_type = 'client backend' and pid <> pg_backend_pid()"), 1, Connections);
    }

    private Task<ServerProcess> StartAsync(string roles, string poll, IReadOnlyDictionary<string, string>? settings = null)
    {
        var environment = simulator.ServerConfiguration.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value ?? "");
        environment["ConnectionStrings__Default"] = database.ConnectionString;
        environment["Roles"] = roles;
        environment["Queue__Poll"] = poll;
        foreach (var (key, value) in settings ?? new Dictionary<string, string>()) environment[key] = value;
        return ServerProcess.StartAsync(directory.CreateSubdirectory("data").FullName, environment);
    }

    private async Task PostAsync(ServerProcess server, string phone)
    {
        var key = ServerProcess.Told(Path.Combine(directory.FullName, "data"), "NS_API_KEY");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/notifications")
        {
            Content = JsonContent.Create(new { to = new[] { new { phone } }, channels = new[] { "sms" }, content = new { text = "Hello" } }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<int> ScalarAsync(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
