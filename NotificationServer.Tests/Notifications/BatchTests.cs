using System.Net;
using System.Text.Json;
using Dapper;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Notifications;

/// Many with one call: each item for itself, all of them with one commit.
public sealed class BatchTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Call = "POST /v1/notifications:batch";

    [Fact]
    public async Task Items_are_accepted_and_refused_one_by_one_in_their_order()
    {
        var results = await Send(
            Item("mixed-1"),
            """{"to":[{"phone":"12"}],"channels":["sms"],"content":{"text":"x"}}""",
            """{"to":[{"email":"ann@example.org"}],"template":"no-such-template"}""",
            """{"to":[{"email":"ann@example.org"}],"content":{"subject":"a","text":"b"},"colour":"red"}""",
            """{"to":"ann"}""",
            "null",
            """{"to":[{"email":"ann@example.org"}],"content":{"subject":"a\u0000","text":"b"}}""",
            Item("mixed-2"));

        Assert.Equal([202, 422, 422, 422, 422, 422, 422, 202], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 8), results.Select(result => result.GetProperty("index").GetInt32()));
        Assert.Equal(
            ["validation_failed", "unknown_template", "unknown_property", "wrong_type", "required", "nul_character"],
            results[1..7].Select(result => result.GetProperty("problem").GetProperty("code").GetString()));
        Assert.Equal("/to/0/phone", results[1].GetProperty("problem").GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal(2, await Count("select count(*) from notifications where event_id like 'mixed-%'"));
        Assert.Equal(2, await Count("select count(*) from messages m join notifications n on n.id = m.notification_id where n.event_id like 'mixed-%'"));
    }

    [Fact]
    public async Task What_a_batch_stores_is_what_single_requests_store()
    {
        await server.GivenUserAsync("batch-user", """{"email":"bob@example.org","phone":"+15550123","locale":"de-CH"}""");
        var request = """{"event_id":"EVENT","to":[{"user_id":"batch-user"},{"phone":"+15550124","locale":"fr"}],"channels":["sms","email","push"],"category":"offers","send_at":"2026-12-01T09:00:00Z","content":{"subject":"a","text":"b","title":"c","data":{"x":1}},"metadata":{"k":"v"},"sandbox":true}""";
        request = request.Replace("2026-12-01T09:00:00Z", TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", null), StringComparison.Ordinal);

        await server.Client.JsonAsync("POST /v1/notifications", request.Replace("EVENT", "as-single", StringComparison.Ordinal));
        await Send(request.Replace("EVENT", "as-batch", StringComparison.Ordinal));

        const string Rows = """
            select string_agg((to_jsonb(m) - '{id,notification_id,created_at,updated_at}'::text[] || jsonb_build_object('job', to_jsonb(j) - 'id'))::text, E'\n' order by m.channel, m.address)
                || (select (to_jsonb(n) - '{id,event_id,accepted_at}'::text[])::text from notifications n where event_id = @event)
            from messages m left join jobs j on j.channel = m.channel and j.id = m.id
            where m.notification_id = (select id from notifications where event_id = @event)
            """;
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        var single = await connection.ExecuteScalarAsync<string>(Rows, new { @event = "as-single" });
        var batch = await connection.ExecuteScalarAsync<string>(Rows, new { @event = "as-batch" });

        Assert.Contains("bob@example.org", single, StringComparison.Ordinal);
        Assert.Equal(single, batch);
    }

    [Fact]
    public async Task A_thousand_items_are_one_commit_and_keep_their_order()
    {
        var results = await Send([.. Enumerable.Range(0, 1000).Select(i => Item(null, $"order{i:D4}@example.org"))]);

        Assert.All(results, result => Assert.Equal(202, result.GetProperty("status").GetInt32()));
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        var addresses = (await connection.QueryAsync<string>("select address from messages where address like 'order%' order by id")).ToList();
        Assert.Equal(addresses.Order(StringComparer.Ordinal), addresses);
        Assert.Equal(1000, addresses.Count);
        Assert.Equal(1, await Count("select count(distinct n.xmin::text) from notifications n join messages m on m.notification_id = n.id where m.address like 'order%'"));
    }

    [Fact]
    public async Task An_event_named_twice_in_one_batch_is_one_notification()
    {
        var results = await Send(Item("twice"), Item("once"), Item("twice"), Item("twice", text: "Other words"));

        Assert.Equal([202, 202, 200, 422], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal(results[0].GetProperty("id").GetString(), results[2].GetProperty("id").GetString());
        Assert.Equal("event_id_reused", results[3].GetProperty("problem").GetProperty("code").GetString());
        Assert.Equal(1, await Count("select count(*) from notifications where event_id = 'twice'"));
    }

    [Fact]
    public async Task A_batch_that_comes_again_without_a_key_is_answered_with_the_first_ids()
    {
        string[] items = [Item("again-1"), Item("again-2")];

        var first = await Send(items);
        var second = await Send(items);

        Assert.Equal([200, 200], second.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal(first.Select(result => result.GetProperty("id").GetString()), second.Select(result => result.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Of_twenty_equal_calls_with_one_key_all_get_the_very_same_answer()
    {
        var body = Body(Item(null, "keyed@example.org"), """{"to":[]}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await server.Client.SendAsync(Call, body, ("Idempotency-Key", "batch-key"));
            return (response.StatusCode, Replayed: response.Headers.Contains("Idempotent-Replayed"), Text: await response.Content.ReadAsStringAsync());
        }));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        Assert.Equal(19, answers.Count(answer => answer.Replayed));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Equal(1, await Count("select count(*) from messages where address = 'keyed@example.org'"));
    }

    [Fact]
    public async Task A_key_that_comes_back_with_another_batch_is_refused()
    {
        await server.Client.JsonAsync(Call, Body(Item(null)), ("Idempotency-Key", "batch-key-2"));

        using var other = await server.Client.SendAsync(Call, Body(Item(null, text: "Other")), ("Idempotency-Key", "batch-key-2"));

        await ProblemAssert.IsAsync(other, 422, "idempotency_mismatch");
    }

    [Theory]
    [InlineData("""{"items":[]}""", 422, "validation_failed")]
    [InlineData("""{}""", 400, "required")]
    [InlineData("""[]""", 400, "wrong_type")]
    [InlineData("""{"items":{}}""", 400, "wrong_type")]
    [InlineData("""{"items":[],"items":[]}""", 400, "duplicate_property")]
    [InlineData("""{"items":[],"more":1}""", 400, "unknown_property")]
    [InlineData("""{"items":[{]}""", 400, "malformed_json")]
    [InlineData("""{"items":[{"to":[]}]} x""", 400, "malformed_json")]
    [InlineData("", 400, "malformed_json")]
    public async Task A_call_that_is_no_batch_is_refused_whole(string body, int status, string code) =>
        await server.Client.RefusesAsync(Call, body, status, code);

    [Fact]
    public async Task More_than_a_thousand_items_are_refused_whole()
    {
        await server.Client.RefusesAsync(Call, Body([.. Enumerable.Repeat(Item(null, "too-many@example.org"), 1001)]), 422, "validation_failed");

        Assert.Equal(0, await Count("select count(*) from messages where address = 'too-many@example.org'"));
    }

    private static string Item(string? eventId, string email = "ann@example.org", string text = "Hello") => JsonSerializer.Serialize(new
    {
        event_id = eventId,
        to = new[] { new { email } },
        channels = new[] { "email" },
        content = new { subject = "Hello", text },
    });

    private static string Body(params string[] items) => $$"""{"items":[{{string.Join(',', items)}}]}""";

    private async Task<JsonElement[]> Send(params string[] items)
    {
        using var response = await server.Client.SendAsync(Call, Body(items));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, text);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("results").EnumerateArray()];
    }

    private async Task<int> Count(string sql)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
