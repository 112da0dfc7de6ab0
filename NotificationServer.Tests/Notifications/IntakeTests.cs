using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Notifications;

/// Accepted once, whatever the caller repeats.
public sealed class IntakeTests(ServerHost server) : IClassFixture<ServerHost>
{
    private static readonly Uri Notifications = new("/v1/notifications", UriKind.Relative);

    [Fact]
    [Bar("B32")]
    public async Task A_repeated_event_is_answered_with_the_first_ids()
    {
        var first = await Post(Mail("order-1:shipped"));
        var again = await Post(Mail("order-1:shipped"));

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.OK), (first.Status, again.Status));
        Assert.True(again.Body.GetProperty("deduplicated").GetBoolean());
        Assert.Equal(first.Body.GetProperty("id").GetString(), again.Body.GetProperty("id").GetString());
        Assert.Equal(MessageIds(first.Body), MessageIds(again.Body));
    }

    [Fact]
    public async Task The_order_of_members_and_the_spelling_of_characters_say_nothing()
    {
        await Post("""{"event_id":"spelling","to":[{"email":"ann@example.org"}],"content":{"subject":"a","text":"b","data":{"x":1,"y":"é"}},"channels":["email"]}""");

        var again = await Post("""{"channels":["email"],"content":{"data":{"y":"\u00e9","x":1},"text":"\u0062","subject":"a"},"to":[{"email":"ann@EXAMPLE.org"}],"event_id":"spelling"}""");

        Assert.Equal(HttpStatusCode.OK, again.Status);
    }

    [Fact]
    [Bar("B33")]
    public async Task An_event_id_that_comes_back_with_other_words_is_refused_and_changes_nothing()
    {
        await Post(Mail("order-2:shipped", "It left"));

        var other = await Post(Mail("order-2:shipped", "It arrived"));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "event_id_reused"), (other.Status, Code(other.Body)));
        Assert.Equal(1, await Count("select count(*) from notifications where event_id = 'order-2:shipped'"));
    }

    [Fact]
    [Bar("B31")]
    public async Task The_same_event_id_of_two_clients_is_two_notifications()
    {
        using var other = server.ClientFor(await server.KeyAsync(client: "another"));

        var first = await Post(Mail("shared-event"));
        var second = await Post(Mail("shared-event"), client: other);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.NotEqual(first.Body.GetProperty("id").GetString(), second.Body.GetProperty("id").GetString());
    }

    [Fact]
    [Bar("B34")]
    public async Task Of_a_thousand_equal_posts_at_once_one_is_accepted_and_all_name_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Post(Mail("storm"))));

        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.Accepted));
        Assert.Equal(999, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("id").GetString()).Distinct());
        Assert.Equal(1, await Count("select count(*) from notifications where event_id = 'storm'"));
        Assert.Equal(1, await Count("select count(*) from messages m join notifications n on n.id = m.notification_id where n.event_id = 'storm'"));
    }

    [Fact]
    public async Task Of_a_thousand_posts_with_one_idempotency_key_all_get_the_very_same_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Post(Mail(null, "Once"), key: "storm-key")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Equal(999, answers.Count(answer => answer.Replayed));
        Assert.Single(answers.Select(answer => answer.Body.GetRawText()).Distinct());
        Assert.Equal(1, await Count("select count(*) from idempotency_keys where key = 'storm-key'"));
    }

    [Fact]
    public async Task An_idempotency_key_that_comes_back_with_another_body_is_refused()
    {
        await Post(Mail(null, "One"), key: "key-1");

        var other = await Post(Mail(null, "Two"), key: "key-1");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_mismatch"), (other.Status, Code(other.Body)));
    }

    [Fact]
    public async Task A_new_key_on_a_known_event_gets_the_event_s_answer_and_keeps_it()
    {
        var first = await Post(Mail("order-3"));

        var keyed = await Post(Mail("order-3"), key: "key-3");
        var replayed = await Post(Mail("order-3"), key: "key-3");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (keyed.Status, replayed.Status));
        Assert.True(replayed.Replayed);
        Assert.Equal(first.Body.GetProperty("id").GetString(), replayed.Body.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_key_of_a_refused_event_is_free_again()
    {
        await Post(Mail("order-4", "One"));
        await Post(Mail("order-4", "Two"), key: "key-4");

        var fresh = await Post(Mail("order-5", "Two"), key: "key-4");

        Assert.Equal(HttpStatusCode.Accepted, fresh.Status);
    }

    [Fact]
    [Bar("B15")]
    public async Task A_refused_request_stores_nothing()
    {
        var refused = await Post("""{"event_id":"refused","to":[{"email":"ann@example.org"}],"template":"no-such-template"}""", key: "refused-key");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "unknown_template"), (refused.Status, Code(refused.Body)));
        Assert.Equal(0, await Count("select count(*) from event_dedup where event_id = 'refused'"));
        Assert.Equal(0, await Count("select count(*) from idempotency_keys where key = 'refused-key'"));
    }

    [Fact]
    [Bar("B41")]
    public async Task A_person_named_twice_gets_one_message()
    {
        var answer = await Post("""{"to":[{"email":"ann@example.org"},{"email":"ann@Example.org"}],"channels":["email"],"content":{"subject":"a","text":"b"}}""");

        Assert.Single(MessageIds(answer.Body));
    }

    [Fact]
    public async Task Many_recipients_are_stored_by_the_same_commit_and_left_out_of_the_answer()
    {
        var to = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"email":"many{{i}}@example.org"}"""));

        var answer = await Post($$$"""{"event_id":"many","to":[{{{to}}}],"channels":["email"],"content":{"subject":"a","text":"b"}}""");

        Assert.False(answer.Body.TryGetProperty("messages", out _));
        Assert.Equal(500, answer.Body.GetProperty("fan_out").GetProperty("estimated").GetInt32());
        Assert.Equal(500, await Count("select count(*) from messages m join notifications n on n.id = m.notification_id where n.event_id = 'many'"));
    }

    [Fact]
    [Bar("S08", "B58")]
    public async Task What_another_client_asked_for_is_not_there_for_this_one()
    {
        using var other = server.ClientFor(await server.KeyAsync(client: "stranger"));
        var mine = (await Post(Mail("private"))).Body;

        foreach (var path in new[] { mine.GetProperty("links").GetProperty("self").GetString(), $"/v1/messages/{MessageIds(mine)[0]}", $"/v1/messages/{MessageIds(mine)[0]}/timeline" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsJsonAsync(mine.GetProperty("links").GetProperty("cancel").GetString(), new { })).StatusCode);
    }

    [Fact]
    public async Task Messages_are_found_by_event_and_paged_by_cursor()
    {
        var to = string.Join(',', Enumerable.Range(0, 5).Select(i => $$"""{"email":"page{{i}}@example.org"}"""));
        await Post($$$"""{"event_id":"paged","to":[{{{to}}}],"channels":["email"],"content":{"subject":"a","text":"b"}}""");

        var seen = new List<string>();
        var next = "";
        do
        {
            var page = await server.Client.GetFromJsonAsync<JsonElement>($"/v1/messages?event_id=paged&limit=2{next}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!));
            next = page.GetProperty("next_cursor").GetString() is { } cursor ? $"&cursor={cursor}" : null;
        }
        while (next is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
    }

    private sealed record Answer(HttpStatusCode Status, JsonElement Body, bool Replayed);

    private static string Mail(string? eventId, string text = "Hello") => JsonSerializer.Serialize(new
    {
        event_id = eventId,
        to = new[] { new { email = "ann@example.org" } },
        channels = new[] { "email" },
        content = new { subject = "Hello", text },
    });

    private async Task<Answer> Post(string json, string? key = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Notifications) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await (client ?? server.Client).SendAsync(request);
        return new Answer(response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, response.Headers.Contains("Idempotent-Replayed"));
    }

    private static string? Code(JsonElement problem) => problem.GetProperty("code").GetString();

    private static string[] MessageIds(JsonElement answer) => [.. answer.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("id").GetString()!)];

    private async Task<int> Count(string sql)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
