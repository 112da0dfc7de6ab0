using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Api.Auth;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Webhooks;

public sealed class WebhookEndpointsTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Valid = """{"url":"https://hooks.example.com/a?token=canary-5tg7","event_types":["message.sent","message.failed"],"description":"orders"}""";

    [Fact]
    public async Task An_endpoint_is_made_shown_changed_and_removed_and_its_secret_is_told_once()
    {
        var client = await GivenClientAsync();
        using var created = await client.SendAsync("POST /v1/webhook-endpoints", Valid);
        var told = JsonDocument.Parse(await created.Content.ReadAsStringAsync()).RootElement;
        var id = Text(told.GetProperty("endpoint"), "id");
        var secret = Text(told, "secret")!; // always there

        Assert.Equal((201, $"/v1/webhook-endpoints/{id}"), ((int)created.StatusCode, created.Headers.Location?.ToString()));
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        using var shown = await client.SendAsync($"GET /v1/webhook-endpoints/{id}");
        var text = await shown.Content.ReadAsStringAsync();
        Assert.DoesNotContain("secret\"", text.Replace("former_secret_until\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("canary-5tg7", text, StringComparison.Ordinal);
        Assert.Equal("\"1\"", shown.Headers.ETag?.Tag);

        var patched = await client.JsonAsync($"PATCH /v1/webhook-endpoints/{id}", """{"event_types":["message.bounced"],"description":null,"enabled":false}""");
        Assert.Equal((false, JsonValueKind.Null, "message.bounced"), (patched.GetProperty("enabled").GetBoolean(), patched.GetProperty("description").ValueKind, patched.GetProperty("event_types")[0].GetString()));
        using var stale = await client.SendAsync($"PATCH /v1/webhook-endpoints/{id}", """{"enabled":true}""", ("If-Match", "\"1\""));
        Assert.Equal(412, (int)stale.StatusCode);
        Assert.Equal(id, Text(Assert.Single((await client.JsonAsync("GET /v1/webhook-endpoints")).GetProperty("data").EnumerateArray()), "id"));

        using var gone = await client.SendAsync($"DELETE /v1/webhook-endpoints/{id}");
        Assert.Equal(204, (int)gone.StatusCode);
        await client.RefusesAsync($"GET /v1/webhook-endpoints/{id}", null, 404, "not_found");
        var audit = await server.Client.JsonAsync($"GET /v1/audit-log?target=webhook_endpoint:{id}");
        Assert.Equal(["webhook_endpoint.delete", "webhook_endpoint.change", "webhook_endpoint.create"], audit.GetProperty("data").EnumerateArray().Select(one => Text(one, "action")));
        Assert.DoesNotContain("canary", audit.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("S08", "B58")]
    public async Task Another_client_s_endpoint_is_as_unknown_as_one_that_there_is_not_and_so_is_a_live_one_to_a_test_key()
    {
        var name = $"c-{Guid.CreateVersion7():N}";
        var owner = server.ClientFor(await server.KeyAsync(client: name));
        var id = Text((await owner.JsonAsync("POST /v1/webhook-endpoints", Valid)).GetProperty("endpoint"), "id");
        var strangers = new[] { await GivenClientAsync(), server.ClientFor(await server.KeyAsync(client: name, sandbox: true)) };

        foreach (var stranger in strangers)
        {
            Assert.Equal(0, (await stranger.JsonAsync("GET /v1/webhook-endpoints")).GetProperty("data").GetArrayLength());
            foreach (var (call, body) in new[]
            {
                ("GET {0}", null), ("PATCH {0}", """{"enabled":false}"""), ("DELETE {0}", null), ("POST {0}:rotate-secret", null), ("POST {0}:test", null),
                ("GET {0}/deliveries", null), ("GET {0}/deliveries/evt_0192f0c1aaaa7bbb8ccc0123456789ab", null),
                ("POST {0}/deliveries/evt_0192f0c1aaaa7bbb8ccc0123456789ab:replay", null), ("POST {0}:recover", """{"since":"2026-11-01T09:00:00Z"}"""),
            })
            {
                foreach (var unknown in new[] { id, PrefixedId.Format("whe", Guid.CreateVersion7()), "whe_x", "x" })
                    await stranger.RefusesAsync(string.Format(null, call, $"/v1/webhook-endpoints/{unknown}"), body, 404, "not_found");
            }
        }
        Assert.Equal(1, (await owner.JsonAsync($"GET /v1/webhook-endpoints/{id}")).GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData("""{"url":"http://hooks.example.com/","event_types":["message.sent"]}""", "/url", "not_https")]
    [InlineData("""{"url":"https://127.0.0.1/","event_types":["message.sent"]}""", "/url", "forbidden_host")]
    [InlineData("""{"url":"https://a:b@hooks.example.com/","event_types":["message.sent"]}""", "/url", "has_credentials")]
    [InlineData("""{"url":"https://hooks.example.com:25/","event_types":["message.sent"]}""", "/url", "forbidden_port")]
    [InlineData("""{"url":"https://hooks.example.com/","event_types":[]}""", "/event_types", "invalid_count")]
    [InlineData("""{"url":"https://hooks.example.com/","event_types":["message.read"]}""", "/event_types/0", "unknown_event_type")]
    [InlineData("""{"url":"https://hooks.example.com/","event_types":["message.sent","message.sent"]}""", "/event_types/1", "duplicate")]
    [InlineData("""{"url":"https://hooks.example.com/","event_types":[null]}""", "/event_types/0", "unknown_event_type")]
    [InlineData("""{"url":"https://hooks.example.com/","event_types":["message.sent"],"description":"two\nlines"}""", "/description", "invalid_text")]
    public async Task What_cannot_be_used_is_refused_with_a_pointer_and_changes_nothing(string body, string field, string code)
    {
        var client = await GivenClientAsync();
        using var refused = await client.SendAsync("POST /v1/webhook-endpoints", body);
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal((422, "validation_failed"), ((int)refused.StatusCode, Text(problem, "code")));
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => Text(error, "pointer") == field && Text(error, "code") == code);
        Assert.Equal(0, (await client.JsonAsync("GET /v1/webhook-endpoints")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Nobody_hears_by_a_webhook_what_their_key_may_not_read()
    {
        var name = $"c-{Guid.CreateVersion7():N}";
        var weak = server.ClientFor(await server.KeyAsync([Scopes.WebhooksManage], name));
        foreach (var (type, scope) in new[]
        {
            ("message.sent", "notifications:read"), ("notification.accepted", "notifications:read"), ("preference.updated", "preferences:write"),
            ("device.retired", "users:write"), ("campaign.started", "campaigns:write"), ("provider.opened", "ops:read"), ("queue.alert", "ops:read"),
        })
        {
            using var refused = await weak.SendAsync("POST /v1/webhook-endpoints", $$"""{"url":"https://hooks.example.com/","event_types":["{{type}}"]}""");
            Assert.Contains(scope, (await ProblemAssert.IsAsync(refused, 403, "missing_scope")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        var strong = server.ClientFor(await server.KeyAsync(client: name));
        var id = Text((await strong.JsonAsync("POST /v1/webhook-endpoints", Valid)).GetProperty("endpoint"), "id");
        // What it hears already is not asked for anew.
        await weak.JsonAsync($"PATCH /v1/webhook-endpoints/{id}", """{"description":"renamed"}""");
        await weak.RefusesAsync($"PATCH /v1/webhook-endpoints/{id}", """{"event_types":["message.sent","queue.alert"]}""", 403, "missing_scope");
    }

    [Fact]
    [Bar("S34")]
    public async Task Nothing_in_the_database_holds_a_secret_in_clear_and_moved_bytes_do_not_open()
    {
        var client = await GivenClientAsync();
        var one = await client.JsonAsync("POST /v1/webhook-endpoints", Valid);
        var other = await client.JsonAsync("POST /v1/webhook-endpoints", Valid);
        var (plain, first, second) = (Convert.FromBase64String(Text(one, "secret")!["whsec_".Length..]), IdOf(one), IdOf(other)); // always there
        await using var connection = await server.Database.Source.OpenConnectionAsync();

        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*)::integer from webhook_endpoints where position(@plain in secret) > 0", new { plain }));
        await connection.ExecuteAsync("update webhook_endpoints set secret = (select secret from webhook_endpoints where id = @first) where id = @second", new { first, second });
        var tested = await client.JsonAsync($"POST /v1/webhook-endpoints/{Text(other.GetProperty("endpoint"), "id")}:test");
        Assert.Equal("secret_unreadable", Text(tested, "error"));
    }

    [Fact]
    public async Task A_client_has_no_more_endpoints_than_it_may()
    {
        var client = await GivenClientAsync();
        for (var i = 0; i < 20; i++) await client.JsonAsync("POST /v1/webhook-endpoints", Valid);

        await client.RefusesAsync("POST /v1/webhook-endpoints", Valid, 409, "too_many_endpoints");
        Assert.Equal(20, (await client.JsonAsync("GET /v1/webhook-endpoints?limit=20")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_server_without_a_key_to_keep_secrets_under_takes_no_endpoints()
    {
        await using var bare = await ServerHost.StartAsync(Environments.Production, database: server.Database);
        await bare.Client.RefusesAsync("POST /v1/webhook-endpoints", Valid, 409, "no_key");
    }

    [Theory]
    [InlineData("status=lost"), InlineData("event_type=message.read"), InlineData("from=yesterday"), InlineData("to=2026-13-01T00:00:00Z"), InlineData("limit=0"), InlineData("cursor=x")]
    public async Task A_filter_that_makes_no_sense_is_refused(string query)
    {
        var client = await GivenClientAsync();
        var id = Text((await client.JsonAsync("POST /v1/webhook-endpoints", Valid)).GetProperty("endpoint"), "id");
        await client.RefusesAsync($"GET /v1/webhook-endpoints/{id}/deliveries?{query}", null, 400, "invalid_parameter");
    }

    private async Task<HttpClient> GivenClientAsync() => server.ClientFor(await server.KeyAsync(client: $"c-{Guid.CreateVersion7():N}"));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static Guid IdOf(JsonElement created) => Guid.ParseExact(Text(created.GetProperty("endpoint"), "id")!["whe_".Length..], "N"); // always there
}
