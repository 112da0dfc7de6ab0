using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using NotificationServer.Simulator;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// A 202 outlives the process that gave it.
public sealed class CrashJourneys(Database database) : IClassFixture<Database>, IAsyncLifetime
{
    private const int Notifications = 1000;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_crash_");
    private SimulatorHost simulator = null!; // xunit initialises before any test

    public async Task InitializeAsync() => simulator = await SimulatorHost.StartAsync(
        new SimulatorOptions { DataDirectory = directory.CreateSubdirectory("simulator").FullName, Latency = TimeSpan.FromMilliseconds(100) },
        CancellationToken.None);

    public async Task DisposeAsync()
    {
        await simulator.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Killing_the_server_with_a_thousand_messages_in_flight_loses_none()
    {
        var acknowledged = new List<string>();
        // So few at a time that the crash surely finds most of them waiting.
        var first = await StartAsync(slots: 4);
        await using (first)
        {
            foreach (var some in Enumerable.Range(0, Notifications).Chunk(100))
                acknowledged.AddRange(await Task.WhenAll(some.Select(i => PostAsync(first, i))));
            await Eventually.IsTrueAsync(() => simulator.Ledger.Count > Notifications / 10);
            first.Kill9();
            await first.ExitAsync();
        }
        var beforeTheCrash = simulator.Ledger.Count;
        Assert.InRange(beforeTheCrash, 1, Notifications - 1);

        await using var second = await StartAsync(slots: 200);
        await Eventually.IsTrueAsync(async () => await CountAsync("select count(*) from jobs") == 0, TimeSpan.FromSeconds(60));

        var accepted = simulator.Ledger.Select(entry => entry.To).ToList();
        Assert.Empty(Enumerable.Range(0, Notifications).Select(Phone).Except(accepted));
        Assert.Equal(Notifications, await CountAsync("select count(*) from messages where status = 'sent'"));
        Assert.Equal(acknowledged.Order(), (await IdsAsync()).Order());
        // A second copy is possible only of what was under way when the process died, and each is on record as unknown.
        Assert.True(accepted.Count - Notifications <= await CountAsync("select count(*) from attempts where outcome = 'unknown'"));
    }

    private Task<ServerProcess> StartAsync(int slots)
    {
        var environment = simulator.ServerConfiguration.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value ?? "");
        environment["ConnectionStrings__Default"] = database.ConnectionString;
        foreach (var family in (string[])["Push", "Sms", "Email"]) environment[$"Delivery__{family}Slots"] = $"{slots}";
        environment["Queue__Lease"] = "00:00:09";
        environment["Queue__Sweep"] = "00:00:00.5";
        // On a busy machine a few calls may miss so short a deadline; that is not what is looked at here.
        environment["Gates__OpenFor"] = "00:00:01";
        environment["Delivery__UnknownWait"] = "00:00:02";
        foreach (var deadline in new[] { "Push", "Sms", "Email" }) environment[$"Channels__{deadline}Deadline"] = "00:00:05";
        return ServerProcess.StartAsync(directory.CreateSubdirectory("data").FullName, environment);
    }

    private async Task<string> PostAsync(ServerProcess server, int number)
    {
        var key = ServerProcess.Told(Path.Combine(directory.FullName, "data"), "NS_API_KEY");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/notifications")
        {
            Content = JsonContent.Create(new { event_id = $"crash-{number}", to = new[] { new { phone = Phone(number) } }, channels = new[] { "sms" }, content = new { text = $"Number {number}" } }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("messages")[0].GetProperty("id").GetString()!;
    }

    private static string Phone(int number) => $"+1555{number:D7}";

    private async Task<int> CountAsync(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }

    private async Task<IEnumerable<string>> IdsAsync()
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.QueryAsync<string>("select 'msg_' || replace(id::text, '-', '') from messages");
    }
}
