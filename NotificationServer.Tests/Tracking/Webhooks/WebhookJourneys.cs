using System.Text.Json;
using Dapper;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Tracking.Webhooks;

/// From what happens here to a receiver over TLS, and what becomes of it when the receiver does not do its part.
public sealed class WebhookJourneys(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    [Fact]
    public async Task A_notification_s_way_is_told_as_it_happens_and_the_receiver_can_check_who_says_so()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        var client = await world.GivenClientAsync();
        var (id, secret) = await WebhookWorld.GivenEndpointAsync(client, receiver, "notification.accepted", "message.sent");

        var (notification, message) = await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(() => receiver.Requests.Count == 2);

        var accepted = receiver.Requests.Single(one => TypeOf(one) == "notification.accepted");
        var sent = receiver.Requests.Single(one => TypeOf(one) == "message.sent");
        Assert.Equal((notification, 1, 1), (Text(accepted, "notification_id"), Number(accepted, "messages"), Number(accepted, "recipients")));
        Assert.Equal((message, notification, "email", "sent"), (Text(sent, "message_id"), Text(sent, "notification_id"), Text(sent, "channel"), Text(sent, "status")));
        Assert.Equal(("POST", "/hooks?token=t0ken", "application/json"), (sent.Method, sent.Path, sent.Headers["content-type"]));
        Assert.InRange(long.Parse(sent.Headers["webhook-timestamp"], null), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 300, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 5);
        Assert.DoesNotContain(sent.Headers.Keys, name => name is "traceparent" or "authorization" or "cookie");
        foreach (var request in receiver.Requests)
        {
            var said = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Body}";
            if (await WebhookSignatureTests.OpenSslAsync(Convert.FromBase64String(secret["whsec_".Length..]), said) is { } theirs)
                Assert.Equal(theirs, request.Headers["webhook-signature"]);
        }
        await Eventually.IsTrueAsync(async () => (await PageAsync(client, id, "delivered")).Count == 2); // what was answered is written down next
        var told = await client.JsonAsync($"GET /v1/webhook-endpoints/{id}/deliveries/{sent.Headers["webhook-id"]}");
        Assert.Equal("delivered", told.GetProperty("delivery").GetProperty("status").GetString());
        Assert.Equal(message, told.GetProperty("data").GetProperty("message_id").GetString());
        Assert.Equal(200, Assert.Single(told.GetProperty("attempts").EnumerateArray()).GetProperty("http_status").GetInt32());
    }

    [Fact]
    public async Task What_fails_is_tried_again_under_the_same_id_with_the_same_body_until_it_is_given_up_and_then_kept()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        receiver.Answer = _ => new VendorAnswer(500, "out of order \0" + new string('x', 5000));
        var client = await world.GivenClientAsync();
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");

        await WebhookWorld.NotifyAsync(client);
        var given = await UntilAsync(client, id, "failed");

        Assert.Equal((4, 500, "refused"), (given.GetProperty("attempts").GetInt32(), given.GetProperty("http_status").GetInt32(), given.GetProperty("error").GetString()));
        Assert.Equal(JsonValueKind.Null, given.GetProperty("next_attempt_at").ValueKind);
        Assert.Equal(4, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(one => (one.Headers["webhook-id"], one.Body)).Distinct());
        var attempts = (await client.JsonAsync($"GET /v1/webhook-endpoints/{id}/deliveries/{given.GetProperty("id")}")).GetProperty("attempts");
        Assert.All(attempts.EnumerateArray(), one => Assert.InRange(one.GetProperty("answer").GetString()!.Length, 1000, 1024)); // there was one
        Assert.NotEqual(JsonValueKind.Null, (await client.JsonAsync($"GET /v1/webhook-endpoints/{id}")).GetProperty("failing_since").ValueKind);

        receiver.Answer = _ => new VendorAnswer(204);
        using var replayed = await client.SendAsync($"POST /v1/webhook-endpoints/{id}/deliveries/{given.GetProperty("id")}:replay");
        Assert.Equal(202, (int)replayed.StatusCode);
        var delivered = await UntilAsync(client, id, "delivered");

        Assert.Equal(5, delivered.GetProperty("attempts").GetInt32());
        Assert.Equal(receiver.Requests[0].Headers["webhook-id"], receiver.Requests[^1].Headers["webhook-id"]);
        Assert.Equal(JsonValueKind.Null, (await client.JsonAsync($"GET /v1/webhook-endpoints/{id}")).GetProperty("failing_since").ValueKind);
    }

    [Fact]
    public async Task After_an_outage_everything_that_failed_is_sent_again_at_once_and_nothing_that_arrived()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        var client = await world.GivenClientAsync();
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");
        await WebhookWorld.NotifyAsync(client);
        await UntilAsync(client, id, "delivered");
        receiver.Answer = _ => new VendorAnswer(503, Headers: new Dictionary<string, string> { ["Retry-After"] = "1800" });
        for (var i = 0; i < 3; i++) await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(() => receiver.Requests.Count == 4);
        await Eventually.IsTrueAsync(async () => (await PageAsync(client, id, "pending")).Count(one => one.GetProperty("attempts").GetInt32() == 1) == 3);
        // They wait for as long as they were asked to.
        Assert.All(await PageAsync(client, id, "pending"), one => Assert.True(one.GetProperty("next_attempt_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(25)));

        receiver.Answer = _ => new VendorAnswer(200);
        var recovered = await client.JsonAsync($"POST /v1/webhook-endpoints/{id}:recover", $$"""{"since":"{{TimeProvider.System.GetUtcNow().AddHours(-1):O}}"}""");
        await Eventually.IsTrueAsync(async () => (await PageAsync(client, id, "delivered")).Count == 4);

        Assert.Equal(3, recovered.GetProperty("recovered").GetInt32());
        Assert.Equal(7, receiver.Requests.Count);
        Assert.Empty(await PageAsync(client, id, "pending"));
    }

    [Fact]
    public async Task A_receiver_that_wants_nothing_any_more_is_left_alone_and_what_it_missed_is_not_kept_for_it()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        receiver.Answer = _ => new VendorAnswer(410);
        var client = await world.GivenClientAsync();
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");
        var seen = (await client.GetAsync(new Uri($"/v1/webhook-endpoints/{id}", UriKind.Relative))).Headers.ETag;

        await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(async () => !(await client.JsonAsync($"GET /v1/webhook-endpoints/{id}")).GetProperty("enabled").GetBoolean());
        // Whoever saw it before that does not switch it on again without knowing.
        Assert.NotEqual(seen, (await client.GetAsync(new Uri($"/v1/webhook-endpoints/{id}", UriKind.Relative))).Headers.ETag);

        Assert.Equal("gone", (await client.JsonAsync($"GET /v1/webhook-endpoints/{id}")).GetProperty("disabled_reason").GetString());
        Assert.Equal(1, await OpenAlertsAsync(id));
        var (_, later) = await WebhookWorld.NotifyAsync(client);
        await SentAsync(client, later);
        Assert.Single(receiver.Requests);
        Assert.Single(await PageAsync(client, id, null));

        receiver.Answer = _ => new VendorAnswer(200);
        await client.JsonAsync($"PATCH /v1/webhook-endpoints/{id}", """{"enabled":true}""");
        await WebhookWorld.NotifyAsync(client);
        await UntilAsync(client, id, "delivered");
        Assert.Equal(0, await OpenAlertsAsync(id));
    }

    [Fact]
    public async Task An_endpoint_that_has_only_failed_for_five_days_is_disabled_and_somebody_is_told()
    {
        await using var receiver = await VendorServer.StartHttp1Async();
        receiver.Answer = _ => new VendorAnswer(500);
        var client = await world.GivenClientAsync();
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");
        await using (var connection = await world.Server.Database.Source.OpenConnectionAsync())
            await connection.ExecuteAsync("update webhook_endpoints set failing_since = now() - interval '5 days' where id = @id", new { id = WebhookWorld.IdOf(id) });

        await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(async () => (await client.JsonAsync($"GET /v1/webhook-endpoints/{id}")).GetProperty("disabled_reason").GetString() == "failing");

        Assert.Equal(1, await OpenAlertsAsync(id));
        // It waits, and goes on when the endpoint does.
        Assert.Single(await PageAsync(client, id, "pending"));
        receiver.Answer = _ => new VendorAnswer(200);
        await client.JsonAsync($"PATCH /v1/webhook-endpoints/{id}", """{"enabled":true}""");
        await UntilAsync(client, id, "delivered");
    }

    [Fact]
    public async Task One_that_hangs_delays_nobody_else()
    {
        var release = new TaskCompletionSource();
        await using var slow = await VendorServer.StartHttp1Async();
        await using var quick = await VendorServer.StartHttp1Async();
        slow.Misbehave = _ => release.Task;
        var client = await world.GivenClientAsync();
        var (hanging, _) = await WebhookWorld.GivenEndpointAsync(client, slow, "message.sent");
        await WebhookWorld.GivenEndpointAsync(client, quick, "message.sent");

        for (var i = 0; i < 10; i++) await WebhookWorld.NotifyAsync(client);
        await Eventually.IsTrueAsync(() => quick.Requests.Count == 10);

        // As many at once as an endpoint is given, over all nodes.
        Assert.Equal(2, slow.Requests.Count);
        release.SetResult();
        await Eventually.IsTrueAsync(async () => (await PageAsync(client, hanging, "delivered")).Count == 10);
        // Both heard of the same events.
        Assert.Equal(quick.Requests.Select(one => one.Headers["webhook-id"]).Order(), slow.Requests.Select(one => one.Headers["webhook-id"]).Order());
    }

    [Fact]
    [Bar("S31", "B57")]
    public async Task A_redirect_is_a_failure_and_leads_nowhere()
    {
        await using var inside = await VendorServer.StartHttp1Async();
        await using var receiver = await VendorServer.StartHttp1Async();
        receiver.Answer = _ => new VendorAnswer(302, Headers: new Dictionary<string, string> { ["Location"] = inside.Address.ToString() });
        var client = await world.GivenClientAsync();
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");

        var answer = await client.JsonAsync($"POST /v1/webhook-endpoints/{id}:test");

        Assert.Equal((false, 302, "redirect_not_followed"), (answer.GetProperty("delivered").GetBoolean(), answer.GetProperty("http_status").GetInt32(), answer.GetProperty("error").GetString()));
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task A_test_says_what_the_receiver_answers_now()
    {
        var client = await world.GivenClientAsync();
        await using var stranger = await VendorServer.StartAsync(Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1, TestRoot.OfAnotherName);
        var (untrusted, _) = await WebhookWorld.GivenEndpointAsync(client, stranger, "message.sent");
        var receiver = await VendorServer.StartHttp1Async();
        receiver.Answer = _ => new VendorAnswer(200, "thanks");
        var (id, _) = await WebhookWorld.GivenEndpointAsync(client, receiver, "message.sent");

        var good = await client.JsonAsync($"POST /v1/webhook-endpoints/{id}:test");
        Assert.Equal((true, 200, "thanks"), (good.GetProperty("delivered").GetBoolean(), good.GetProperty("http_status").GetInt32(), good.GetProperty("answer").GetString()));
        Assert.Equal("webhook.test", TypeOf(Assert.Single(receiver.Requests)));
        Assert.Equal(good.GetProperty("webhook_id").GetString(), receiver.Requests[0].Headers["webhook-id"]);

        receiver.Misbehave = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal("broken_off", await ErrorAsync(id));
        await receiver.DisposeAsync();
        Assert.Equal("not_connected", await ErrorAsync(id));
        Assert.Equal("tls_failed", await ErrorAsync(untrusted));
        Assert.Empty(stranger.Requests);
        Assert.Empty(await PageAsync(client, id, null));

        async Task<string?> ErrorAsync(string endpoint) => (await client.JsonAsync($"POST /v1/webhook-endpoints/{endpoint}:test")).GetProperty("error").GetString();
    }

    internal static string? TypeOf(RecordedRequest request) => request.Json["type"]?.GetValue<string>();

    internal static string? Text(RecordedRequest request, string name) => request.Json["data"]?[name]?.GetValue<string>();

    private static int? Number(RecordedRequest request, string name) => request.Json["data"]?[name]?.GetValue<int>();

    internal static async Task<List<JsonElement>> PageAsync(HttpClient client, string endpoint, string? status) =>
        [.. (await client.JsonAsync($"GET /v1/webhook-endpoints/{endpoint}/deliveries?limit=200{(status is null ? "" : $"&status={status}")}")).GetProperty("data").EnumerateArray()];

    private static async Task<JsonElement> UntilAsync(HttpClient client, string endpoint, string status)
    {
        await Eventually.IsTrueAsync(async () => (await PageAsync(client, endpoint, status)).Count > 0);
        return (await PageAsync(client, endpoint, status))[0];
    }

    internal static Task SentAsync(HttpClient client, string message) => Eventually.IsTrueAsync(async () =>
        (await client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString() == "sent");

    private Task<int> OpenAlertsAsync(string endpoint) => world.Server.Database.Source.CountAsync(
        "select count(*) from alerts where kind = 'webhook_disabled' and key = @endpoint and cleared_at is null", new { endpoint });
}
