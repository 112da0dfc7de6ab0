using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Platform;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Tracking.Webhooks;

/// A server that may call this machine, and in a hurry. Each story brings a client and receivers of its own.
public sealed class WebhookWorld : IAsyncLifetime
{
    internal static readonly Dictionary<string, string?> Settings = new()
    {
        ["Channels:TrustedRootsFile"] = TestRoot.File,
        ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
        ["Webhooks:Poll"] = "00:00:00.05",
        ["Webhooks:Deadline"] = "00:00:30", // longer than any test keeps a call waiting
        ["Webhooks:PerEndpoint"] = "2",
        ["Webhooks:Retries:0"] = "00:00:00.05",
        ["Webhooks:Retries:1"] = "00:00:00.05",
        ["Webhooks:Retries:2"] = "00:00:00.05",
        ["Queue:Poll"] = "00:00:00.05",
    };

    public ServerHost Server { get; private set; } = null!; // xunit initialises before any test

    public async Task InitializeAsync() => Server = await ServerHost.StartAsync(Environments.Development, Settings);

    public async Task DisposeAsync() => await ((IAsyncLifetime)Server).DisposeAsync();

    /// A client that nobody else is.
    public async Task<HttpClient> GivenClientAsync(bool sandbox = false, string? name = null) =>
        Server.ClientFor(await Server.KeyAsync(client: name ?? $"c-{Guid.CreateVersion7():N}", sandbox: sandbox));

    internal static async Task<(string Id, string Secret)> GivenEndpointAsync(HttpClient client, VendorServer receiver, params string[] types)
    {
        var told = await client.JsonAsync("POST /v1/webhook-endpoints", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["url"] = new Uri(receiver.Address, "/hooks?token=t0ken").ToString(), ["event_types"] = types,
        }));
        return (told.GetProperty("endpoint").GetProperty("id").GetString()!, told.GetProperty("secret").GetString()!); // always there
    }

    /// The ids of a notification by mail, which ends in the development inbox.
    public static async Task<(string Notification, string Message)> NotifyAsync(HttpClient client, string? user = null)
    {
        object to = user is null ? new { email = $"{Guid.CreateVersion7():N}@example.org" } : new { user_id = user };
        using var response = await client.PostAsJsonAsync("/v1/notifications", new { to = new[] { to }, channels = new[] { "email" }, content = new { subject = "Hello", text = "There" } });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        var accepted = JsonDocument.Parse(body).RootElement;
        return (accepted.GetProperty("id").GetString()!, accepted.GetProperty("messages")[0].GetProperty("id").GetString()!); // always there
    }

    /// An event that everybody may hear of who asked, without a notification.
    public async Task RaiseAlertAsync(string key)
    {
        await using var connection = await Server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into alerts (kind, key, detail) values ('counter_drift', @key, '{\"expected\": 1}')", new { key });
    }

    public static Guid IdOf(string prefixed) => PrefixedId.TryParse(prefixed[..3], prefixed, out var id) ? id : throw new ArgumentException(prefixed);
}
