using System.Diagnostics;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Faults;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

public sealed class LaneJourneys
{
#if HANGFIRE
    private const int BulkAtOnce = 16;                   // of 20 workers
#else
    private const int BulkAtOnce = 160;                  // of 200 slots
#endif

    [Fact]
    public async Task A_sign_in_code_starts_at_once_although_bulk_has_taken_all_that_it_may()
    {
        using var directory = new TemporaryDirectory();
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory.Path }, CancellationToken.None);
        // So seldom that polling cannot be what starts it.
        await using var server = await ServerHost.StartAsync(Environments.Development,
            new Dictionary<string, string?>(simulator.ServerConfiguration) { ["Queue:Poll"] = "00:00:30", ["Delivery:EmailSlots"] = "200", ["Channels:EmailDeadline"] = "00:00:39" });
        simulator.Faults.Set("sendgrid", new Fault { Hold = true });
        for (var i = 0; i < 200; i++) await Mail(server, $"bulk-{i}@sim.example", "offers");
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await Eventually.IsTrueAsync(async () => await connection.ExecuteScalarAsync<int>("select count(*) from jobs where state = 1") == BulkAtOnce);

        var since = Stopwatch.GetTimestamp();
        await Mail(server, "code@sim.example", "security");
        await simulator.WaitForAsync(entry => entry.To == "code@sim.example", new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);

        // Sooner than a poll: it was woken.
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(BulkAtOnce + 1, await connection.ExecuteScalarAsync<int>("select count(*) from jobs where state = 1"));
        simulator.Faults.ClearAll();
        await Eventually.IsTrueAsync(async () => await connection.ExecuteScalarAsync<int>("select count(*) from jobs") == 0);
    }

    private static async Task Mail(ServerHost server, string email, string category)
    {
        using var response = await server.Client.PostAsJsonAsync("/v1/notifications", new { category, to = new[] { new { email } }, channels = new[] { "email" }, content = new { subject = "Hello", text = "There" } });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class TemporaryDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("ns_lanes_").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
