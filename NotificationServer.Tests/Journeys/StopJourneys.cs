using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Dapper;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Faults;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// A stop is not an accident: what is under way ends and is recorded, the rest goes back at once.
public sealed class StopJourneys(Database database) : IClassFixture<Database>, IAsyncLifetime
{
    private const int Notifications = 400;
    // Few enough for either engine: Hangfire has twenty workers a channel.
    private const int UnderWay = 15;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_stop_");
    private SimulatorHost simulator = null!; // xunit initialises before any test

    public async Task InitializeAsync() => simulator = await SimulatorHost.StartAsync(
        new SimulatorOptions { DataDirectory = directory.CreateSubdirectory("simulator").FullName }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await simulator.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_terminated_server_ends_what_is_under_way_and_leaves_no_lease_and_no_doubt()
    {
        var first = await StartAsync();
        await using (first)
        {
            simulator.Faults.Set("twilio", new Fault { Hold = true });
            foreach (var some in Enumerable.Range(0, Notifications).Chunk(100)) await Task.WhenAll(some.Select(i => PostAsync(first, i)));
            await Eventually.IsTrueAsync(() => simulator.Ledger.Count >= UnderWay, TimeSpan.FromMinutes(2));

            var ended = first.TerminateAsync();
            await Eventually.IsTrueAsync(() => first.Output.Contains("shutting down", StringComparison.Ordinal));
            simulator.Faults.ClearAll();
            var since = Stopwatch.GetTimestamp();

            Assert.Equal(0, await ended);
            Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }
        var sent = simulator.Ledger.Select(entry => entry.To).ToList();
        Assert.InRange(sent.Count, UnderWay, Notifications - 1);
        Assert.Equal(0, await CountAsync("select count(*) from jobs where state = 1"));
        Assert.Equal(sent.Count, await CountAsync("select count(*) from messages where status = 'sent'"));
        Assert.Equal(0, await CountAsync("select count(*) from attempts where outcome <> 'accepted'"));
        Assert.Equal(0, await CountAsync("select count(*) from jobs where failures > 0 or unknowns > 0 or crashes > 0"));

        await using var second = await StartAsync();
        await Eventually.IsTrueAsync(async () => await CountAsync("select count(*) from jobs") == 0, TimeSpan.FromSeconds(60));

        Assert.Equal(Enumerable.Range(0, Notifications).Select(Phone).Order(), simulator.Ledger.Select(entry => entry.To).Order());
    }

    private Task<ServerProcess> StartAsync()
    {
        var environment = simulator.ServerConfiguration.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value ?? "");
        environment["ConnectionStrings__Default"] = database.ConnectionString;
        // The provider keeps its answers back until the stop has begun, however long that takes.
        environment["Channels__SmsDeadline"] = "00:00:39";
        return ServerProcess.StartAsync(directory.CreateSubdirectory("data").FullName, environment);
    }

    private async Task PostAsync(ServerProcess server, int number)
    {
        var key = ServerProcess.Told(Path.Combine(directory.FullName, "data"), "NS_API_KEY");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/notifications")
        {
            Content = JsonContent.Create(new { to = new[] { new { phone = Phone(number) } }, channels = new[] { "sms" }, content = new { text = $"Number {number}" } }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Phone(int number) => $"+1555{number:D7}";

    private async Task<int> CountAsync(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
