using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Preferences;

public sealed class PreferencesTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task What_is_named_is_stored_and_the_rest_stays()
    {
        await server.GivenUserAsync("p1");
        await server.Client.JsonAsync("PATCH /v1/users/p1/preferences", """{"source":"page","channels":[{"channel":"sms","opt_in":false}]}""");

        var wishes = await server.Client.JsonAsync("PATCH /v1/users/p1/preferences",
            """{"source":"call","categories":[{"category":"offers","channel":"email","opt_in":true}]}""");

        var sms = Assert.Single(wishes.GetProperty("channels").EnumerateArray());
        Assert.Equal(("sms", false, "page"), (sms.GetProperty("channel").GetString(), sms.GetProperty("opt_in").GetBoolean(), sms.GetProperty("source").GetString()));
        Assert.Equal("offers", Assert.Single(wishes.GetProperty("categories").EnumerateArray()).GetProperty("category").GetString());
    }

    [Fact]
    public async Task A_change_to_preferences_that_have_changed_since_is_refused()
    {
        await server.GivenUserAsync("p2");
        using var read = await server.Client.SendAsync("GET /v1/users/p2/preferences");
        var tag = read.Headers.ETag!.Tag; // promised on every answer
        await server.Client.JsonAsync("PATCH /v1/users/p2/preferences", """{"source":"x","channels":[{"channel":"push","opt_in":false}]}""", ("If-Match", tag));

        using var stale = await server.Client.SendAsync("PATCH /v1/users/p2/preferences", """{"source":"x","channels":[{"channel":"push","opt_in":true}]}""", ("If-Match", tag));

        await ProblemAssert.IsAsync(stale, 412, "version_conflict");
        Assert.False((await server.Client.JsonAsync("GET /v1/users/p2/preferences")).GetProperty("channels")[0].GetProperty("opt_in").GetBoolean());
    }

    [Fact]
    public async Task Quiet_hours_are_said_changed_and_taken_back_with_a_version_of_their_own()
    {
        await server.GivenUserAsync("p4");
        var said = await server.Client.JsonAsync("PATCH /v1/users/p4/preferences", """{"source":"page","quiet_hours":{"from":"22:00","to":"07:30","time_zone":"Europe/Zurich"}}""");
        Assert.Equal("""{"from":"22:00","to":"07:30","time_zone":"Europe/Zurich"}""", said.GetProperty("quiet_hours").GetRawText());

        var kept = await server.Client.JsonAsync("PATCH /v1/users/p4/preferences", """{"source":"page","channels":[{"channel":"sms","opt_in":false}]}""");
        Assert.Equal("22:00", kept.GetProperty("quiet_hours").GetProperty("from").GetString());
        await server.GivenUserAsync("p4", """{"email":"p4@example.org"}""");

        var gone = await server.Client.JsonAsync("PATCH /v1/users/p4/preferences", """{"source":"page","quiet_hours":null}""");

        Assert.Equal(System.Text.Json.JsonValueKind.Null, gone.GetProperty("quiet_hours").ValueKind);
        Assert.Equal(3, new[] { said, kept, gone }.Select(one => one.GetProperty("version").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Of_two_words_on_the_same_thing_the_later_counts_in_whatever_order_they_come()
    {
        await server.GivenUserAsync("p5");
        string Item(string user, bool optIn, int hour) => $$"""{"user_id":"{{user}}","channel":"email","category":"offers","opt_in":{{(optIn ? "true" : "false")}},"source":"crm","occurred_at":"2026-01-01T{{hour:00}}:00:00Z"}""";

        var answer = await server.Client.JsonAsync("POST /v1/preferences:batch", $"[{Item("p5", false, 12)},{Item("p5", true, 11)},{Item("nobody", true, 1)},{Item("p5", true, 9).Replace("offers", "none", StringComparison.Ordinal)}]");
        await server.Client.JsonAsync("POST /v1/preferences:batch", $"[{Item("p5", true, 10)}]");

        Assert.Equal([200, 200, 404, 422], answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetInt32()));
        var wish = Assert.Single((await server.Client.JsonAsync("GET /v1/users/p5/preferences")).GetProperty("categories").EnumerateArray());
        Assert.Equal((false, "2026-01-01T12:00:00Z"), (wish.GetProperty("opt_in").GetBoolean(), wish.GetProperty("occurred_at").GetString()));
        await server.Client.RefusesAsync("POST /v1/preferences:batch", "[]", 422, "validation_failed");
        Assert.Equal(422, (await server.Client.JsonAsync("POST /v1/preferences:batch", "[null]")).GetProperty("results")[0].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_word_without_a_time_is_said_now_and_outweighs_one_of_a_clock_that_is_ahead()
    {
        await server.GivenUserAsync("p6");
        await server.GivenUserAsync("p7");
        var ahead = TimeProvider.System.GetUtcNow().AddMinutes(4);
        string Item(string user, bool optIn, string rest = "") => $$"""{"user_id":"{{user}}","channel":"sms","category":"offers","opt_in":{{(optIn ? "true" : "false")}},"source":"crm"{{rest}}}""";
        await server.Client.JsonAsync("POST /v1/preferences:batch", $"[{Item("p6", true, $",\"occurred_at\":\"{ahead:O}\"")},{Item("p7", true)}]");

        await server.Client.JsonAsync("POST /v1/preferences:batch", $"[{Item("p6", true)},{Item("p6", false)},{Item("p7", false)}]");

        foreach (var user in new[] { "p6", "p7" })
            Assert.False(Assert.Single((await server.Client.JsonAsync($"GET /v1/users/{user}/preferences")).GetProperty("categories").EnumerateArray()).GetProperty("opt_in").GetBoolean());
    }

    [Theory]
    [InlineData("""{"source":"x","quiet_hours":{"from":"22:00"}}""", "/quiet_hours/to")]
    [InlineData("""{"source":"x","quiet_hours":{"from":"24:00","to":"07:00"}}""", "/quiet_hours/from")]
    [InlineData("""{"source":"x","quiet_hours":{"from":"22:00","to":"22:00"}}""", "/quiet_hours/to")]
    [InlineData("""{"source":"x","quiet_hours":{"from":"22:00","to":"07:00","time_zone":"Mars/Base"}}""", "/quiet_hours/time_zone")]
    [InlineData("""{"source":"x","quiet_hours":{"from":"22:00","to":"07:00","days":[]}}""", "/quiet_hours/days")]
    [InlineData("""{"source":"x","quiet_hours":"22-07"}""", "/quiet_hours")]
    [InlineData("""{"source":"x","channels":[{"channel":"pigeon","opt_in":false}]}""", "/channels/0/channel")]
    [InlineData("""{"source":"x","categories":[{"category":"nope","channel":"sms","opt_in":false}]}""", "/categories/0/category")]
    [InlineData("""{"source":" ","channels":[{"channel":"sms","opt_in":false}]}""", "/source")]
    [InlineData("""{"source":"x","channels":[{"channel":"sms","opt_in":false},{"channel":"sms","opt_in":true}]}""", "/channels/1")]
    [InlineData("""{"source":"x","channels":[null]}""", "/channels/0")]
    [InlineData("""{"source":"x"}""", "")]
    public async Task A_wish_that_cannot_be_kept_is_refused(string json, string field)
    {
        await server.GivenUserAsync("p3");
        using var response = await server.Client.SendAsync("PATCH /v1/users/p3/preferences", json);

        await ProblemAssert.IsAsync(response, 422, "validation_failed");
        Assert.Equal(field, await ProblemAssert.PointerAsync(response));
    }

    [Fact]
    public async Task Nobody_unknown_has_wishes()
    {
        await server.Client.RefusesAsync("GET /v1/users/p9/preferences", null, 404, "not_found");
        await server.Client.RefusesAsync("PATCH /v1/users/p9/preferences", """{"source":"x","channels":[{"channel":"sms","opt_in":false}]}""", 404, "not_found");
    }
}
