using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Ledger;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// The server and the providers, each on real ports, and the words in which the journeys are told.
public class Walk : IAsyncLifetime
{
    /// Whether the server knows every vendor that the simulator plays, or one a channel.
    private protected virtual bool EveryVendor => false;

    private readonly string simulatorDirectory = Directory.CreateTempSubdirectory("ns_sim_").FullName;

    internal SimulatorHost Simulator { get; private set; } = null!; // xunit initialises before any test
    public ServerHost Server { get; private set; } = null!;
    public HttpClient Api => Server.Client;

    public async Task InitializeAsync()
    {
        Simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = simulatorDirectory }, CancellationToken.None);
        Server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>(EveryVendor ? Simulator.ServerConfiguration.Concat(Simulator.SecondVendors) : Simulator.ServerConfiguration)
        {
            ["Queue:RetryBase"] = "00:00:00.05",
            ["Queue:Poll"] = "00:00:00.05",
            ["Hangfire:SchedulePoll"] = "00:00:00.1",
            ["Hangfire:Overdue"] = "00:00:01",
            ["Delivery:UnknownWait"] = "00:00:00.1",
            ["Delivery:MisconfiguredWait"] = "00:00:00.1",
        });
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)Server).DisposeAsync();
        await Simulator.DisposeAsync();
        Directory.Delete(simulatorDirectory, recursive: true);
    }

    internal static string SomeId(string prefix = "u") => $"{prefix}_{Guid.CreateVersion7():N}";

    internal static string SomePhone() => $"+1555{Random.Shared.Next(1_000_000, 9_999_999)}";

    internal static string SomeApnsToken() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    internal async Task<string> GivenUser(object? profile = null)
    {
        var id = SomeId();
        await Put($"/v1/users/{id}", profile ?? new { });
        return id;
    }

    internal async Task Put(string path, object body)
    {
        using var response = await Api.PutAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    internal async Task<JsonElement> Post(object notification, HttpStatusCode expected = HttpStatusCode.Accepted)
    {
        using var response = await Api.PostAsJsonAsync("/v1/notifications", notification);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    internal static string MessageOf(JsonElement accepted, int index = 0) => accepted.GetProperty("messages")[index].GetProperty("id").GetString()!;

    internal async Task<JsonElement> Get(string path) => await Api.GetFromJsonAsync<JsonElement>(path);

    /// Waits until the message has come to this status, and returns it.
    internal async Task<JsonElement> Until(string message, string status)
    {
        JsonElement seen = default;
        try
        {
            await Eventually.IsTrueAsync(async () =>
            {
                seen = await Get($"/v1/messages/{message}");
                return seen.GetProperty("delivery_status").GetString() == status;
            });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The message never became {status}: {seen}", e);
        }
        return seen;
    }

    /// A scheduled message's hour has come.
    internal async Task ItIsTimeFor(string message)
    {
        await using var connection = await Server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("update jobs set run_at = now() where id = @id", new { id = Guid.ParseExact(message["msg_".Length..], "N") });
    }

    internal Task<LedgerEntry> Arrived(string to) => Simulator.WaitForAsync(entry => entry.To == to, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
}

public sealed class WalkWithEveryVendor : Walk
{
    private protected override bool EveryVendor => true;
}
