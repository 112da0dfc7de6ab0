using System.Net.Http.Headers;
using Dapper;
using NotificationServer.Tests.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Tracking.Webhooks;

/// What was accepted is told, whoever dies in between.
public sealed class WebhookCrashTests(Database database) : IClassFixture<Database>, IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("ns_webhook_crash_");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        directory.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_server_that_is_killed_between_what_happened_and_the_telling_of_it_loses_no_event()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        await using (var first = await StartAsync(failPoint: "after_webhook_claim:exit"))
        {
            await WebhookWorld.GivenEndpointAsync(first.Client, receiver, "notification.accepted", "message.sent");
            // The first claim of an event kills it, before any call was made; often before the caller reads its 202.
            try
            {
                for (var i = 0; i < 100; i++) await WebhookWorld.NotifyAsync(first.Client);
            }
            catch (HttpRequestException)
            {
            }
            await first.ExitAsync();
        }
        var accepted = await StoredAsync();
        Assert.NotEmpty(accepted);
        Assert.Empty(receiver.Requests);

        await using var second = await StartAsync();
        await Eventually.IsTrueAsync(() => accepted.TrueForAll(id => Told(id).Count == 2));

        Assert.All(accepted, id => Assert.Equal(["message.sent", "notification.accepted"], Told(id)));
        // The node that died had claimed some of them: nobody knows whether it made the call.
        Assert.True(await database.Source.CountAsync("select count(*) from webhook_attempts where error = 'unknown' and attempt = 1") > 0);

        List<string?> Told(string id) => [.. receiver.Requests.Where(one => WebhookJourneys.Text(one, "notification_id") == id).Select(WebhookJourneys.TypeOf).Order(StringComparer.Ordinal)];
    }

    private async Task<List<string>> StoredAsync()
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("select 'ntf_' || replace(id::text, '-', '') from notifications")];
    }

    private async Task<ServerProcess> StartAsync(string? failPoint = null)
    {
        var data = directory.CreateSubdirectory("data").FullName;
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Default"] = database.ConnectionString,
            ["Channels__TrustedRootsFile"] = TestRoot.File,
            ["Webhooks__AllowedNetworks__0"] = "127.0.0.0/8",
            ["Webhooks__Poll"] = "00:00:00.1",
            // Half of it is for how long leases are not judged after a start.
            ["Queue__Lease"] = "00:00:02",
            ["Queue__Sweep"] = "00:00:00.2",
            ["Channels__PushDeadline"] = "00:00:00.5", ["Channels__SmsDeadline"] = "00:00:00.5", ["Channels__EmailDeadline"] = "00:00:00.5",
        };
        if (failPoint is not null)
        {
            environment["NS_FAILPOINT"] = failPoint;
            // What it claims is free again soon; whoever comes after it has all the time for its calls.
            (environment["Webhooks__Deadline"], environment["Webhooks__Lease"]) = ("00:00:01", "00:00:02");
        }
        var server = await ServerProcess.StartAsync(data, environment);
        var key = ServerProcess.Told(data, "NS_API_KEY");
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return server;
    }
}
