using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Channels.Receipts;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Channels;
using NotificationServer.Tests.Support;
using NotificationServer.Tracking.Engagement;

namespace NotificationServer.Tests.Tracking.Webhooks;

/// Which events there are, and who hears of them.
public sealed class WebhookEventTests(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    [Fact]
    public async Task Every_end_of_a_message_is_told_and_what_comes_after()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        var client = await world.GivenClientAsync();
        await WebhookWorld.GivenEndpointAsync(client, receiver,
            "message.sent", "message.delivered", "message.failed", "message.bounced", "message.suppressed", "message.expired",
            "message.opened", "message.clicked", "message.complained");
        foreach (var end in new[] { "delivered", "failed", "bounced", "expired" })
        {
            var (_, message) = await WebhookWorld.NotifyAsync(client);
            await WebhookJourneys.SentAsync(client, message);
            await ExecuteAsync("update messages set status = @end, reason = 'as a test says' where id = @id", new { end, id = WebhookWorld.IdOf(message) });
            await ToldAsync(receiver, message, $"message.{end}", "message.sent");
        }

        var user = $"u-{Guid.CreateVersion7():N}";
        await world.Server.GivenUserAsync(user, $$"""{"email":"{{user}}@example.org"}""");
        await world.Server.Client.JsonAsync($"PATCH /v1/users/{user}/preferences", """{"source":"test","channels":[{"channel":"email","opt_in":false}]}""");
        var (_, suppressed) = await WebhookWorld.NotifyAsync(client, user);
        await ToldAsync(receiver, suppressed, "message.suppressed");
        Assert.Equal("opted_out", WebhookJourneys.Text(receiver.Requests.Single(one => WebhookJourneys.Text(one, "message_id") == suppressed), "reason"));

        var (_, engaged) = await WebhookWorld.NotifyAsync(client);
        await WebhookJourneys.SentAsync(client, engaged);
        Sign Did(EngagementKind kind, Engager by, string? url = null) => new(WebhookWorld.IdOf(engaged), kind, by, TimeProvider.System.GetUtcNow().AddMinutes(5)) { Url = url };
        await WriteAsync(Did(EngagementKind.Opened, Engager.Machine), Did(EngagementKind.Complained, Engager.Unknown));
        await WriteAsync(Did(EngagementKind.Opened, Engager.Human), Did(EngagementKind.Clicked, Engager.Human, "https://example.org/shop"), Did(EngagementKind.Unsubscribed, Engager.Human));
        await WriteAsync(Did(EngagementKind.Opened, Engager.Human), Did(EngagementKind.Opened, Engager.Machine));
        await ToldAsync(receiver, engaged, "message.sent", "message.opened", "message.opened", "message.clicked", "message.complained");
        List<RecordedRequest> Of(string type) => [.. receiver.Requests.Where(one => WebhookJourneys.Text(one, "message_id") == engaged && WebhookJourneys.TypeOf(one) == type)];
        Assert.Equal(["human", "machine"], Of("message.opened").Select(one => WebhookJourneys.Text(one, "by")).Order(StringComparer.Ordinal));
        Assert.Equal("https://example.org/shop", WebhookJourneys.Text(Assert.Single(Of("message.clicked")), "url"));
    }

    [Fact]
    public async Task What_is_nobody_s_message_is_told_to_everyone_who_asked()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        var client = await world.GivenClientAsync();
        await WebhookWorld.GivenEndpointAsync(client, receiver, "preference.updated", "device.retired", "provider.opened", "provider.closed", "queue.alert");
        var user = $"u-{Guid.CreateVersion7():N}";
        await world.Server.GivenUserAsync(user);

        await world.Server.Client.JsonAsync($"PATCH /v1/users/{user}/preferences", """{"source":"settings","categories":[{"category":"offers","channel":"email","opt_in":true}]}""");
        using var device = await world.Server.Client.SendAsync($"PUT /v1/users/{user}/devices/d1", $$"""{"platform":"android","push_provider":"fcm","token":"{{user}}:token"}""");
        Assert.True(device.IsSuccessStatusCode);
        await ExecuteAsync("update devices set retired_at = now(), retired_reason = 'unregistered' where user_id = @user", new { user });
        await ExecuteAsync("insert into provider_gates (account, breaker, reason, open_until) values (@user, 'open', 'errors', now() + interval '1 minute')", new { user });
        await ExecuteAsync("update provider_gates set breaker = 'half_open', probe_holder = 'n', probe_until = now() where account = @user", new { user });
        await ExecuteAsync("update provider_gates set breaker = 'closed', probe_holder = null, probe_until = null, open_until = null where account = @user", new { user });
        await world.RaiseAlertAsync(user);
        await ExecuteAsync("update alerts set cleared_at = now() where key = @user", new { user });

        await Eventually.IsTrueAsync(() => Mine().Count >= 6);
        Assert.Equal(
            ["device.retired", "preference.updated", "provider.closed", "provider.opened", "queue.alert", "queue.alert"],
            Mine().Select(WebhookJourneys.TypeOf).Order(StringComparer.Ordinal));
        Assert.Equal("offers", WebhookJourneys.Text(Mine().Single(one => WebhookJourneys.TypeOf(one) == "preference.updated"), "category"));
        Assert.Equal("unregistered", WebhookJourneys.Text(Mine().Single(one => WebhookJourneys.TypeOf(one) == "device.retired"), "reason"));

        // Other tests raise alerts too.
        List<RecordedRequest> Mine() => [.. receiver.Requests.Where(one => one.Body.Contains(user, StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Nobody_hears_of_another_client_s_messages_and_a_test_key_of_test_messages_only()
    {
        await using var mine = await VendorServer.StartHttp1Async();
        await using var theirs = await VendorServer.StartHttp1Async();
        await using var sandbox = await VendorServer.StartHttp1Async();
        var name = $"c-{Guid.CreateVersion7():N}";
        var (live, test, other) = (await world.GivenClientAsync(name: name), await world.GivenClientAsync(sandbox: true, name: name), await world.GivenClientAsync());
        string[] types = ["notification.accepted", "message.sent", "preference.updated"];
        await WebhookWorld.GivenEndpointAsync(live, mine, types);
        await WebhookWorld.GivenEndpointAsync(other, theirs, types);
        await WebhookWorld.GivenEndpointAsync(test, sandbox, types);
        var user = $"u-{Guid.CreateVersion7():N}";
        await world.Server.GivenUserAsync(user);

        var (ofLive, _) = await WebhookWorld.NotifyAsync(live);
        var (ofTest, _) = await WebhookWorld.NotifyAsync(test);
        var (ofOther, _) = await WebhookWorld.NotifyAsync(other);
        await world.Server.Client.JsonAsync($"PATCH /v1/users/{user}/preferences", """{"source":"test","channels":[{"channel":"sms","opt_in":false}]}""");
        await Eventually.IsTrueAsync(() => Told(mine).Length == 3 && Told(theirs).Length == 3 && Told(sandbox).Length == 2);

        Assert.Equal([ofLive, ofLive, user], Told(mine));
        Assert.Equal([ofOther, ofOther, user], Told(theirs));
        Assert.Equal([ofTest, ofTest], Told(sandbox));

        string[] Told(VendorServer receiver) => [.. receiver.Requests
            .Where(one => WebhookJourneys.TypeOf(one) != "preference.updated" || WebhookJourneys.Text(one, "user_id") == user)
            .Select(one => WebhookJourneys.Text(one, "notification_id") ?? user).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Without_anybody_who_asked_nothing_is_written_down()
    {
        var client = await world.GivenClientAsync();
        var (_, message) = await WebhookWorld.NotifyAsync(client);
        await WebhookJourneys.SentAsync(client, message);

        Assert.Equal(0, await world.Server.Database.Source.CountAsync(
            "select count(*) from webhook_deliveries where data ->> 'message_id' = @message", new { message }));
    }

    [Fact]
    public async Task An_event_of_a_change_that_was_rolled_back_never_happened()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        var client = await world.GivenClientAsync();
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");
        var (_, message) = await WebhookWorld.NotifyAsync(client);
        await WebhookJourneys.SentAsync(client, message);

        await using var connection = await world.Server.Database.Source.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("update messages set status = 'queued' where id = @id; update messages set status = 'sent' where id = @id", new { id = WebhookWorld.IdOf(message) });
            Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*)::integer from webhook_deliveries where endpoint_id = @id", new { id = WebhookWorld.IdOf(id) }));
        }

        Assert.Single(await WebhookJourneys.PageAsync(client, id, null));
    }

    [Fact]
    public async Task Who_was_erased_is_named_by_no_event_any_more()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        receiver.Answer = one => new VendorAnswer(200, one.Body);
        var client = await world.GivenClientAsync();
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent", "preference.updated");
        var user = $"u-{Guid.CreateVersion7():N}";
        await world.Server.GivenUserAsync(user, $$"""{"email":"{{user}}@example.org"}""");
        await world.Server.Client.JsonAsync($"PATCH /v1/users/{user}/preferences", """{"source":"test","channels":[{"channel":"email","opt_in":true}]}""");
        await WebhookWorld.NotifyAsync(client, user);
        await Eventually.IsTrueAsync(async () => (await WebhookJourneys.PageAsync(client, id, "delivered")).Count >= 2);

        await world.Server.Client.JsonAsync($"POST /v1/users/{user}:erase", """{"reason":"asked by mail"}""");

        Assert.Equal(0, await world.Server.Database.Source.CountAsync(
            "select count(*) from webhook_deliveries d where endpoint_id = @id and d::text like '%' || @user || '%'", new { id = WebhookWorld.IdOf(id), user }));
        Assert.Equal(0, await world.Server.Database.Source.CountAsync("select count(*) from webhook_attempts where answer like '%' || @user || '%'", new { user }));
    }

    private static async Task ToldAsync(VendorServer receiver, string message, params string[] types)
    {
        List<string?> Told() => [.. receiver.Requests.Where(one => WebhookJourneys.Text(one, "message_id") == message).Select(WebhookJourneys.TypeOf).Order(StringComparer.Ordinal)];
        await Eventually.IsTrueAsync(() => Told().Count >= types.Length);
        Assert.Equal(types.Order(StringComparer.Ordinal), Told());
    }

    private async Task WriteAsync(params Sign[] signs)
    {
        await using var connection = await world.Server.Database.Source.OpenConnectionAsync();
        await world.Server.Services.GetRequiredService<EngagementWriter>().WriteAsync(connection, signs, null, default);
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var connection = await world.Server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
