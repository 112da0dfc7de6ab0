using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Queue;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Channels;
using NotificationServer.Tests.Support;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Tests.Tracking.Webhooks;

/// Secrets that change, pages of what was told, and what is taken away when.
public sealed class WebhookKeepingTests(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    [Fact]
    public async Task While_a_secret_is_changed_both_sign_and_afterwards_the_new_one_alone()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        var client = await world.GivenClientAsync();
        var (id, former) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");
        var secret = (await client.JsonAsync($"POST /v1/webhook-endpoints/{id}:rotate-secret")).GetProperty("secret").GetString()!; // always there
        Assert.NotEqual(former, secret);

        await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(() => receiver.Requests.Count == 1);
        await ExecuteAsync("update webhook_endpoints set former_until = now() where id = @id", WebhookWorld.IdOf(id));
        await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(() => receiver.Requests.Count == 2);

        Assert.Equal($"{Signed(receiver.Requests[0], secret)} {Signed(receiver.Requests[0], former)}", receiver.Requests[0].Headers["webhook-signature"]);
        Assert.Equal(Signed(receiver.Requests[1], secret), receiver.Requests[1].Headers["webhook-signature"]);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_filters_hold_on_each()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        var client = await world.GivenClientAsync();
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent", "notification.accepted");
        for (var i = 0; i < 5; i++) await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(async () => (await WebhookJourneys.PageAsync(client, id, "delivered")).Count == 10);

        var (seen, path) = (new List<string?>(), $"/v1/webhook-endpoints/{id}/deliveries?limit=2&event_type=message.sent");
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.JsonAsync($"GET {path}{cursor}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        Assert.Equal(5, seen.Count);
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
        var now = TimeProvider.System.GetUtcNow();
        Assert.Empty((await client.JsonAsync($"GET {path}&from={now.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}")).GetProperty("data").EnumerateArray());
        Assert.Empty((await client.JsonAsync($"GET {path}&to={now.AddMinutes(-10):yyyy-MM-ddTHH:mm:ssZ}")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task What_is_old_goes_with_all_that_was_tried_and_a_deleted_endpoint_goes_whole()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        receiver.Answer = _ => new VendorAnswer(500);
        var client = await world.GivenClientAsync();
        var (kept, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");
        var (deleted, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");
        await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(async () => (await WebhookJourneys.PageAsync(client, kept, "failed")).Count == 1 && (await WebhookJourneys.PageAsync(client, deleted, "failed")).Count == 1);
        // In one transaction: the server's own turn must not come between the event and its job.
        await ExecuteAsync(string.Join(";\n", new[] { "webhook_deliveries", "webhook_jobs", "webhook_attempts" }.Select(table =>
            $"insert into {table} select (jsonb_populate_record(t, jsonb_build_object('event_id', uuid_from(now() - interval '15 days')))).* from {table} t where endpoint_id = @id on conflict do nothing")), WebhookWorld.IdOf(kept));
        using var gone = await client.SendAsync($"DELETE /v1/webhook-endpoints/{deleted}");

        var retention = world.Server.Services.GetServices<ISweep>().OfType<WebhookRetention>().Single();
        // The server's own turn may be under way, and what that one holds is passed over.
        await Eventually.IsTrueAsync(async () =>
        {
            await retention.RunOnceAsync(default);
            return (await CountAsync("webhook_deliveries", kept), await CountAsync("webhook_deliveries", deleted)) == (1, 0);
        });

        Assert.Equal((1, 0), (await CountAsync("webhook_jobs", kept), await CountAsync("webhook_jobs", deleted)));
        Assert.Equal((4, 0), (await CountAsync("webhook_attempts", kept), await CountAsync("webhook_attempts", deleted)));
        // Its name stays for an hour, for those who are just writing an event for it; then it goes too.
        await ExecuteAsync("update webhook_endpoints set deleted_at = now() - interval '2 hours' where id = @id", WebhookWorld.IdOf(deleted));
        await Eventually.IsTrueAsync(async () =>
        {
            await retention.RunOnceAsync(default);
            return await world.Server.Database.Source.CountAsync("select count(*) from webhook_endpoints where id = @id", new { id = WebhookWorld.IdOf(deleted) }) == 0;
        });
    }

    [Fact]
    [Bar("S31", "B57")]
    public async Task A_name_that_leads_inside_is_not_connected_to_however_it_came_into_the_database()
    {
        await using var inside = await VendorServer.StartHttp1Async();
        await using var strict = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>(WebhookWorld.Settings) { ["Webhooks:AllowedNetworks:0"] = "10.20.0.0/16" });
        var id = (await strict.Client.JsonAsync("POST /v1/webhook-endpoints", """{"url":"https://hooks.example.com/","event_types":["message.sent"]}""")).GetProperty("endpoint").GetProperty("id").GetString()!; // always there

        foreach (var host in new[] { "localhost", "127.0.0.1", "[::ffff:127.0.0.1]" })
        {
            await using var connection = await strict.Database.Source.OpenConnectionAsync();
            await connection.ExecuteAsync("update webhook_endpoints set url = @url where id = @id", new { url = $"https://{host}:{inside.Address.Port}/", id = WebhookWorld.IdOf(id) });
            Assert.Equal("address_not_allowed", (await strict.Client.JsonAsync($"POST /v1/webhook-endpoints/{id}:test")).GetProperty("error").GetString());
        }
        Assert.Empty(inside.Requests);
    }

    private static string Signed(RecordedRequest request, string secret) => WebhookSignature.Of(
        [Convert.FromBase64String(secret["whsec_".Length..])], request.Headers["webhook-id"], long.Parse(request.Headers["webhook-timestamp"], null), request.Bytes);

    private Task<int> CountAsync(string table, string endpoint) =>
        world.Server.Database.Source.CountAsync($"select count(*) from {table} where endpoint_id = @id", new { id = WebhookWorld.IdOf(endpoint) });

    private async Task ExecuteAsync(string sql, Guid id)
    {
        await using var connection = await world.Server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, new { id });
    }
}
