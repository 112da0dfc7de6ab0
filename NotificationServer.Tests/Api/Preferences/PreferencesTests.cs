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

    [Theory]
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
