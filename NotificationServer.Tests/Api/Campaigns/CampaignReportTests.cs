using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Campaigns;

/// What services are told of how campaigns would go, and went.
public sealed class CampaignReportTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_draft_says_whom_it_would_reach_and_how_long_that_takes()
    {
        await server.GivenUserAsync("u_ann", """{"email":"ann@example.org"}""");
        await server.GivenUserAsync("u_bea", """{"email":"bea@example.org"}""");
        await server.GivenUserAsync("u_cem");
        await server.Client.JsonAsync("PUT /v1/categories/news", """{"name":"News","class":"marketing","default_opt_in":true}""");
        await server.Client.JsonAsync("PATCH /v1/users/u_bea/preferences", """{"source":"settings","channels":[{"channel":"email","opt_in":false}]}""");
        await server.Client.JsonAsync("POST /v1/templates", """{"key":"report","name":"Report","category":"news","channels":{"email":{"subject":"Hello","html":"<a href=\"{{unsubscribe_url}}\">no more</a>","text":"{{unsubscribe_url}}"}},"publish":true}""");
        var empty = (await server.Client.JsonAsync("POST /v1/campaigns", """{"name":"Nothing yet"}""")).GetProperty("id").GetString();
        var id = (await server.Client.JsonAsync("POST /v1/campaigns", """{"name":"Report","template":"report","schedule":{"kind":"now"},"throttle_per_minute":60}""")).GetProperty("id").GetString();

        var reach = await server.Client.JsonAsync($"POST /v1/campaigns/{id}:estimate");
        Assert.Equal(3, reach.GetProperty("audience").GetInt64());
        Assert.Equal(1, reach.GetProperty("reached").GetInt64());
        Assert.True(reach.GetProperty("exact").GetBoolean());
        Assert.Equal("""{"no_address":1,"opted_out":1}""", string.Concat("{", string.Join(',', reach.GetProperty("excluded").EnumerateObject().OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => one.ToString())), "}"));

        var plan = await server.Client.JsonAsync($"POST /v1/campaigns/{id}:plan");
        Assert.Equal(1, plan.GetProperty("messages").GetInt64());
        Assert.False(plan.GetProperty("ends_after_expiry").GetBoolean());
        Assert.Contains(plan.GetProperty("notes").EnumerateArray(), note => note.GetString() == "The throttle lets 60 people a minute through.");

        await server.Client.RefusesAsync($"POST /v1/campaigns/{empty}:plan", null, 422, "validation_failed");
        await server.Client.RefusesAsync($"GET /v1/campaigns/{id}/stats", null, 404, "not_found");
        await server.Client.RefusesAsync("POST /v1/campaigns/cmp_nothing:estimate", null, 404, "not_found");
    }

    [Fact]
    public async Task A_run_is_told_in_figures_in_pages_and_as_a_file()
    {
        var made = await server.Database.Source.GivenCampaignAsync("Told", phase: "sending", audience: 10);

        var stats = await server.Client.JsonAsync($"GET /v1/campaigns/{made.Id}/stats");
        Assert.Equal((10, 10, 0), (stats.GetProperty("people").GetProperty("audience").GetInt32(), stats.GetProperty("people").GetProperty("to_come").GetInt32(), stats.GetProperty("messages").GetProperty("total").GetInt32()));
        Assert.Equal($"run_{made.Run:N}", stats.GetProperty("run_id").GetString());
        Assert.Equal(0, (await server.Client.JsonAsync($"GET /v1/campaigns/{made.Id}/recipients?status=failed&channel=push&run_id=run_{made.Run:N}")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await server.Client.JsonAsync($"GET /v1/campaigns/{made.Id}/recipients?engagement=not_opened&locale=de")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, stats.GetProperty("locales").GetArrayLength());
        using var file = await server.Client.SendAsync($"GET /v1/campaigns/{made.Id}/recipients", null, ("Accept", "text/csv"));
        Assert.Equal("text/csv", file.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("user_id,", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await server.Client.RefusesAsync($"GET /v1/campaigns/{made.Id}/recipients?status=nonsense", null, 400, "invalid_parameter");
        await server.Client.RefusesAsync($"GET /v1/campaigns/{made.Id}/recipients?engagement=liked", null, 400, "invalid_parameter");
        await server.Client.RefusesAsync($"GET /v1/campaigns/{made.Id}/recipients?channel=pigeon", null, 400, "invalid_parameter");
        await server.Client.RefusesAsync($"GET /v1/campaigns/{made.Id}/recipients?cursor=nonsense", null, 400, "invalid_parameter");
        await server.Client.RefusesAsync($"GET /v1/campaigns/{made.Id}/stats?run_id=run_{Guid.CreateVersion7():N}", null, 404, "not_found");
    }

    [Fact]
    public async Task Its_failed_messages_are_sent_again()
    {
        var made = await server.Database.Source.GivenCampaignAsync("Again");

        var match = await server.Client.JsonAsync($"POST /v1/campaigns/{made.Id}:retry-failed", """{"dry_run":true}""");
        Assert.Equal(0, match.GetProperty("matched").GetInt32());
        var started = await server.Client.JsonAsync($"POST /v1/campaigns/{made.Id}:retry-failed", """{"reason":"it works again","rate_per_second":10}""");
        Assert.StartsWith("op_", started.GetProperty("operation_id").GetString(), StringComparison.Ordinal);
        await server.Client.RefusesAsync($"POST /v1/campaigns/{made.Id}:retry-failed", "{}", 422, "validation_failed");
        await server.Client.RefusesAsync("POST /v1/campaigns/cmp_nothing:retry-failed", """{"reason":"it works again"}""", 404, "not_found");
    }
}
