using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Faults;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// Two nodes on one database, and a provider that fails: what one node learns, all obey.
public sealed class GateJourneys(Database database) : IClassFixture<Database>, IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_gates_");
    private readonly List<ServerHost> nodes = [];
    private SimulatorHost simulator = null!; // xunit initialises before any test

    public async Task InitializeAsync()
    {
        simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory.FullName }, CancellationToken.None);
        var settings = new Dictionary<string, string?>(simulator.ServerConfiguration)
        {
            ["Queue:RetryBase"] = "00:00:00.05",
            ["Queue:Poll"] = "00:00:00.1",
            ["Delivery:UnknownWait"] = "00:00:00.1",
            ["Delivery:MisconfiguredWait"] = "00:00:00.1",
            ["Gates:Refresh"] = "00:00:00.2",
            ["Gates:OpenFor"] = "00:00:01.5",
            ["Gates:RetriesAMinute"] = "10",
        };
        await Execute("truncate messages, jobs, attempts, notifications, provider_gates, dead_letters, failure_groups, event_dedup");
        for (var i = 0; i < 2; i++) nodes.Add(await ServerHost.StartAsync(Environments.Development, settings, database));
    }

    public async Task DisposeAsync()
    {
        simulator.Faults.ClearAll();
        foreach (var node in nodes) await node.DisposeAsync();
        await simulator.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task While_a_provider_asked_for_quiet_no_node_calls_it_and_no_message_pays_for_it()
    {
        simulator.Faults.Set("twilio", new Fault { Status = 429, RetryAfter = "4" });
        await Post(nodes[0], "first");
        await Eventually.IsTrueAsync(async () => await Count("select count(*) from provider_gates where not_before > now()") == 1);
        await Task.WhenAll(nodes.Select(node => Knows(node)));
        simulator.Faults.ClearAll();

        for (var i = 0; i < 40; i++) await Post(nodes[i % 2], $"quiet-{i}");
        var opening = await Query<DateTime>("select not_before from provider_gates where account = 'twilio'");
        await Sent(41);

        // The provider and the database are on one machine, so on one clock.
        Assert.DoesNotContain(simulator.Ledger, entry => entry.At < opening);
        Assert.Equal(41, await Count("select count(*) from attempts where outcome = 'accepted'"));
        Assert.Equal(0, await Count("select count(*) from jobs"));
    }

    [Fact]
    public async Task An_outage_opens_the_breaker_soon_burns_no_attempts_leaves_other_channels_alone_and_ends_by_one_probe()
    {
        simulator.Faults.Set("twilio", new Fault { Status = 500 });
        for (var i = 0; i < 60; i++) await Post(nodes[i % 2], $"outage-{i}");
        await Eventually.IsTrueAsync(async () => await Count("select count(*) from provider_gates where breaker <> 'closed'") == 1, TimeSpan.FromSeconds(20));
        await Task.WhenAll(nodes.Select(node => Knows(node)));
        var calls = Calls;

        await PostMany(nodes[0], 240);
        await Mail(nodes[0]);
        await Eventually.IsTrueAsync(() => simulator.Ledger.Any(entry => entry.Provider == "sendgrid"), TimeSpan.FromSeconds(60));
        // Two openings later: 1.5 s, then 3 s.
        await Eventually.IsTrueAsync(async () => await Count("select times_opened from provider_gates where account = 'twilio'") >= 3);
        var probes = Calls - calls;
        simulator.Faults.ClearAll();
        await Sent(301);

        Assert.InRange(probes, 1, 3);
        Assert.True(await Count("select count(*) from attempts where outcome = 'transient'") < 150);
        Assert.Equal("closed", await Query<string>("select breaker from provider_gates where account = 'twilio'"));
        Assert.Equal(301, simulator.Ledger.Count);
    }

    [Fact]
    public async Task Refused_credentials_close_the_account_and_it_resumes_by_itself_when_they_work_again()
    {
        simulator.Faults.Set("twilio", new Fault { Status = 401 });
        for (var i = 0; i < 30; i++) await Post(nodes[i % 2], $"key-{i}");
        // Not by its reason, which is the first probe's soon.
        await Eventually.IsTrueAsync(async () => await Count("select count(*) from provider_gates where breaker <> 'closed'") == 1);
        Assert.NotEqual(0, await Count("select count(*) from attempts where outcome = 'misconfigured'"));

        simulator.Faults.ClearAll();
        await Sent(30);

        Assert.Equal(0, await Count("select count(*) from dead_letters"));
        Assert.Equal(0, await Count("select count(*) from messages where attempts > 10"));
    }

    [Fact]
    public async Task A_provider_that_fails_every_second_call_is_not_asked_half_as_often_again()
    {
        simulator.Faults.Set("twilio", new Fault { Status = 500, Probability = 0.5 });
        await PostMany(nodes[0], 400);
        await Eventually.IsTrueAsync(async () => await Count("select times_opened from provider_gates where account = 'twilio'") >= 1);
        await Eventually.IsTrueAsync(async () => await Count("select count(*) from messages where status = 'sent'") > 30);

        var calls = (double)await Count("select count(*) from attempts");
        var messages = await Count("select count(distinct message_id) from attempts");
        simulator.Faults.ClearAll();

        Assert.True(calls / messages <= 1.5, $"{calls} calls for {messages} messages");
        // Put off, not dropped.
        Assert.Equal(400, await Count("select count(*) from messages m where status = 'sent' or exists (select from jobs j where j.id = m.id)"));
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_costs_no_attempt_a_second()
    {
        simulator.Faults.Set("twilio", new Fault { Reset = ResetKind.Connection });
        for (var i = 0; i < 100; i++) await Post(nodes[i % 2], $"away-{i}");
        await Eventually.IsTrueAsync(async () => await Count("select times_opened from provider_gates where account = 'twilio'") >= 3);

        Assert.True(await Count("select count(*) from attempts") < 60, $"{await Count("select count(*) from attempts")} attempts");
    }

    private long Calls => simulator.Figures["twilio"].Calls;

    /// The node's own picture has it.
    private static Task Knows(ServerHost node) => Eventually.IsTrueAsync(() =>
        ((NotificationServer.Delivery.Gates.ProviderGates)node.Services.GetService(typeof(NotificationServer.Delivery.Gates.ProviderGates))!) // registered
            .Ask("twilio").Kind == NotificationServer.Delivery.Gates.AdmissionKind.Closed);

    private Task Sent(int messages) => Eventually.IsTrueAsync(
        async () => await Count("select count(*) from messages where status = 'sent'") == messages, TimeSpan.FromMinutes(2));

    private static Task Post(ServerHost node, string number) => Send(node, new { to = new[] { new { phone = Walk.SomePhone() } }, channels = new[] { "sms" }, content = new { text = number } });

    private static async Task PostMany(ServerHost node, int count)
    {
        var items = Enumerable.Range(0, count).Select(i => new { to = new[] { new { phone = Walk.SomePhone() } }, channels = new[] { "sms" }, content = new { text = $"{i}" } });
        using var response = await node.Client.PostAsJsonAsync("/v1/notifications:batch", new { items });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static Task Mail(ServerHost node) => Send(node, new { to = new[] { new { email = "a@sim.example" } }, channels = new[] { "email" }, content = new { subject = "Hello", text = "There" } });

    private static async Task Send(ServerHost node, object notification)
    {
        using var response = await node.Client.PostAsJsonAsync("/v1/notifications", notification);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<int> Count(string sql) => await Query<int>(sql);

    private async Task<T> Query<T>(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!; // every statement here answers
    }

    private async Task Execute(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
