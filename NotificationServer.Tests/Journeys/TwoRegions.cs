using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Queue;
using NotificationServer.Simulator;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// One vendor with two accounts, `north` and `south`, each at a place of its own that can fail by itself; and two nodes.
public sealed class TwoRegions : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("ns_regions_").FullName;
    private readonly Database database = new();

    internal SimulatorHost North { get; private set; } = null!; // xunit initialises before any test
    internal SimulatorHost South { get; private set; } = null!;
    internal List<ServerHost> Nodes { get; } = [];

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        North = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = Path.Combine(directory, "north") }, CancellationToken.None);
        South = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = Path.Combine(directory, "south"), Credentials = North.Credentials }, CancellationToken.None);
        var roots = Path.Combine(directory, "roots.pem");
        await File.WriteAllTextAsync(roots, await File.ReadAllTextAsync(North.RootFile) + "\n" + await File.ReadAllTextAsync(South.RootFile));
        var settings = new Dictionary<string, string?>
        {
            ["Channels:TrustedRootsFile"] = roots,
            ["Channels:Inbox:Enabled"] = "false",
            ["Channels:AccountsRefresh"] = "00:00:00.2",
            ["Queue:RetryBase"] = "00:00:00.05",
            ["Queue:Poll"] = "00:00:00.1",
            ["Delivery:UnknownWait"] = "00:00:00.1",
            ["Delivery:MisconfiguredWait"] = "00:00:00.1",
            ["Gates:Refresh"] = "00:00:00.2",
            ["Gates:OpenFor"] = "00:00:01",
            ["Secrets:provider_key"] = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()),
        };
        for (var i = 0; i < 2; i++) Nodes.Add(await ServerHost.StartAsync(Environments.Development, settings, database));
    }

    public async Task DisposeAsync()
    {
        North.Faults.ClearAll();
        South.Faults.ClearAll();
        foreach (var node in Nodes) await ((IAsyncLifetime)node).DisposeAsync();
        await South.DisposeAsync();
        await North.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    /// As every story begins: both work, north is asked first, no rules.
    internal async Task BeginAsync()
    {
        North.Faults.ClearAll();
        South.Faults.ClearAll();
        await PutAsync("north", order: 1);
        await PutAsync("south", order: 2);
        await CallAsync(HttpMethod.Put, "/v1/routing-rules", new { rules = Array.Empty<object>() });
        foreach (var account in new[] { "north", "south" }) await CallAsync(HttpMethod.Post, $"/v1/providers/{account}:reset", new { });
        await Eventually.IsTrueAsync(() => Nodes.TrueForAll(node => Works(node, "north") && Works(node, "south")));
    }

    internal Task<JsonElement> PutAsync(string account, int order, bool enabled = true, int? ratePerSecond = null, int? dailyCap = null) => CallAsync(HttpMethod.Put, $"/v1/providers/{account}", new
    {
        kind = "twilio", order, enabled, rate_per_second = ratePerSecond, daily_cap = dailyCap,
        settings = new { account_sid = North.Credentials.TwilioAccountSid, from = North.Credentials.TwilioFrom, base_address = (account == "north" ? North : South).Urls.Twilio },
        secrets = new { auth_token = North.Credentials.TwilioAuthToken },
    });

    internal async Task<JsonElement> CallAsync(HttpMethod method, string path, object body)
    {
        using var response = await Nodes[0].Client.SendAsync(new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) });
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// The id of the message.
    internal async Task<string> SendAsync(int node, string? phone = null)
    {
        using var response = await Nodes[node].Client.PostAsJsonAsync("/v1/notifications",
            new { to = new[] { new { phone = phone ?? Walk.SomePhone() } }, channels = new[] { "sms" }, content = new { text = "Hello" } });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("messages")[0].GetProperty("id").GetString()!; // every message has one
    }

    internal Task<JsonElement> MessageAsync(string id) => Nodes[0].Client.GetFromJsonAsync<JsonElement>($"/v1/messages/{id}");

    internal async Task<JsonElement> UntilAsync(string id, string status)
    {
        JsonElement seen = default;
        await Eventually.IsTrueAsync(async () => (seen = await MessageAsync(id)).GetProperty("delivery_status").GetString() == status);
        return seen;
    }

    internal async Task<T> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!; // every statement here answers
    }

    private static bool Works(ServerHost node, string account) =>
        node.Services.GetRequiredService<ProviderGates>().Ask(account).Kind == AdmissionKind.Open
        && node.Services.GetRequiredService<Switches>().MayUse(account)
        && node.Services.GetRequiredService<ProviderAccounts>() is { Current.Rules.Count: 0 } accounts && accounts.Find(account) is { IsUsable: true };
}
