using System.Text.Json;
using Dapper;
using NotificationServer.Api.Auth;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Notifications;

/// The whole decision without sending: the same one, with every reason.
public sealed class ExplanationTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Call = "POST /v1/notifications:explain";

    [Fact]
    public async Task Every_rule_that_applies_is_told_and_sending_tells_the_first_of_them()
    {
        await server.GivenUserAsync("explained", """{"email":"explained@example.org"}""");
        await server.Client.JsonAsync("PATCH /v1/users/explained/preferences", """{"source":"test","channels":[{"channel":"email","opt_in":false}],"categories":[{"category":"offers","channel":"email","opt_in":false}]}""");
        await server.Client.JsonAsync("POST /v1/suppressions", """{"channel":"email","address":"explained@example.org"}""");
        await server.Client.JsonAsync("PUT /v1/users/explained/block", """{"reason":"test"}""");
        const string Request = """{"to":[{"user_id":"explained"}],"channels":["email","sms"],"category":"offers","content":{"subject":"a","text":"b"}}""";

        var explained = await server.Client.JsonAsync(Call, Request);
        var sent = await server.Client.JsonAsync("POST /v1/notifications", Request);

        var decisions = explained.GetProperty("decisions").EnumerateArray().ToDictionary(decision => decision.GetProperty("channel").GetString()!);
        Assert.Equal(["blocked", "suppressed_address", "opted_out", "category_opted_out"], Reasons(decisions["email"]));
        Assert.Equal(["blocked", "no_address"], Reasons(decisions["sms"]));
        Assert.All(sent.GetProperty("messages").EnumerateArray(), message =>
            Assert.Equal(message.GetProperty("reason").GetString(), Reasons(decisions[message.GetProperty("channel").GetString()!])[0]));
    }

    [Fact]
    public async Task Whoever_would_get_it_is_told_with_the_words_the_provider_and_the_time()
    {
        await server.Client.JsonAsync("POST /v1/templates", """{"key":"explain","name":"Explain","category":"orders","channels":{"email":{"subject":"Order {{no}}","text":"{{no}} has left"},"sms":{"body":"{{no}} has left"}}}""");
        await server.Client.JsonAsync("POST /v1/templates/explain:publish", "{}");
        var at = TimeProvider.System.GetUtcNow().AddHours(3);

        var explained = await server.Client.JsonAsync(Call, JsonSerializer.Serialize(new
        {
            to = new[] { new { email = "ann@example.org" } }, template = "explain", data = new { no = "77" }, channels = new[] { "email" }, send_at = at,
        }));

        var decision = Assert.Single(explained.GetProperty("decisions").EnumerateArray());
        Assert.True(decision.GetProperty("would_send").GetBoolean());
        Assert.Empty(Reasons(decision));
        Assert.Equal("Order 77", decision.GetProperty("rendered").GetProperty("subject").GetString());
        Assert.Equal("77 has left", decision.GetProperty("rendered").GetProperty("text").GetString());
        Assert.Equal("inbox", decision.GetProperty("provider").GetString());
        Assert.Equal(at.ToUnixTimeSeconds(), decision.GetProperty("send_at").GetDateTimeOffset().ToUnixTimeSeconds());
        Assert.Equal(("orders", "transactional", 1), (explained.GetProperty("category").GetString(), explained.GetProperty("lane").GetString(), explained.GetProperty("template_version").GetInt32()));
    }

    [Theory]
    [InlineData("It leaves today", "GSM-7", 15, 1)]
    [InlineData("It costs 5 €", "GSM-7", 13, 1)]
    [InlineData("It leaves today ✓", "UCS-2", 17, 1)]
    public async Task What_a_text_message_costs_is_told(string text, string encoding, int units, int segments)
    {
        var explained = await server.Client.JsonAsync(Call, JsonSerializer.Serialize(new
        {
            to = new[] { new { phone = "+15558675310" } }, channels = new[] { "sms" }, content = new { text },
        }));

        var sms = Assert.Single(explained.GetProperty("decisions").EnumerateArray()).GetProperty("sms");
        Assert.Equal((encoding, units, segments), (sms.GetProperty("encoding").GetString(), sms.GetProperty("units").GetInt32(), sms.GetProperty("segments").GetInt32()));
    }

    [Fact]
    [Bar("S06", "S10")]
    public async Task Who_may_not_read_profiles_sees_the_words_said_of_an_example_and_what_becomes_of_them_all_the_same()
    {
        await server.Client.JsonAsync("POST /v1/templates", """
            {"key":"explain-person","name":"Person","channels":{"sms":{"body":"{{user.first_name}} of {{user.country}}, {{no}}{{#if user.debt}}, you owe {{user.debt}}{{/if}}"}}}
            """);
        await server.Client.JsonAsync("POST /v1/templates/explain-person:publish", "{}");
        await server.GivenUserAsync("explained-known", """{"phone":"+41791234501","country":"CH","attributes":{"first_name":"Philippa","debt":"900 francs"}}""");
        await server.GivenUserAsync("explained-lacking", """{"phone":"+41791234502","country":"CH"}""");
        const string Request = """
            {"to":[{"user_id":"explained-known"},{"user_id":"explained-lacking"},{"phone":"+41791234503"}],"template":"explain-person","data":{"no":"77"},"channels":["sms"]}
            """;
        var sender = await server.ClientWithAsync(Scopes.NotificationsWrite, Scopes.NotificationsRead, Scopes.TemplatesWrite);

        var told = (await sender.JsonAsync(Call, Request)).GetProperty("decisions");
        var known = (await server.Client.JsonAsync(Call, Request)).GetProperty("decisions");

        Assert.Equal(("[first_name] of GB, 77", "example"), Words(told[0]));
        Assert.Equal("[first_name] of GB, 77".Length, told[0].GetProperty("sms").GetProperty("units").GetInt32() - 2); // brackets take two septets
        Assert.DoesNotContain("Philippa", told.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("900 francs", told.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(("Philippa of CH, 77, you owe 900 francs", "recipient"), Words(known[0]));
        for (var i = 0; i < 3; i++)
            Assert.Equal((Reasons(known[i]).Length, known[i].GetProperty("would_send").GetBoolean()), (Reasons(told[i]).Length, told[i].GetProperty("would_send").GetBoolean()));
        Assert.Equal([true, false, false], told.EnumerateArray().Select(one => one.GetProperty("would_send").GetBoolean()));
        Assert.Equal((null, null), Words(told[1]));
    }

    [Fact]
    public async Task A_used_event_is_a_duplicate_of_its_first_notification()
    {
        const string Request = """{"event_id":"explained-twice","to":[{"email":"ann@example.org"}],"channels":["email"],"content":{"subject":"a","text":"b"}}""";
        var first = await server.Client.JsonAsync("POST /v1/notifications", Request);

        var explained = await server.Client.JsonAsync(Call, Request);

        Assert.Equal(first.GetProperty("id").GetString(), explained.GetProperty("duplicate_of").GetString());
        Assert.Equal(["duplicate"], Reasons(explained.GetProperty("decisions")[0]));
    }

    [Fact]
    public async Task Explaining_stores_nothing()
    {
        var before = await Rows();

        await server.Client.JsonAsync(Call, """{"event_id":"only-explained","to":[{"email":"ann@example.org"}],"channels":["email"],"content":{"subject":"a","text":"b"}}""");
        await server.Client.RefusesAsync(Call, """{"to":[{"email":"ann@example.org"}],"template":"no-such-template"}""", 422, "unknown_template");

        Assert.Equal(before, await Rows());
        Assert.Equal(0, await Count("select count(*) from event_dedup where event_id = 'only-explained'"));
    }

    private static (string? Text, string? Of) Words(JsonElement decision) => (
        decision.TryGetProperty("rendered", out var words) && words.ValueKind == JsonValueKind.Object ? words.GetProperty("text").GetString() : null,
        decision.TryGetProperty("rendered_for", out var of) ? of.GetString() : null);

    private static string[] Reasons(JsonElement decision) => [.. decision.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!)];

    private Task<int> Rows() => Count("select (select count(*) from notifications where event_id = 'only-explained') + (select count(*) from messages m where not exists (select from notifications n where n.id = m.notification_id))");

    private async Task<int> Count(string sql)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(sql);
    }
}
