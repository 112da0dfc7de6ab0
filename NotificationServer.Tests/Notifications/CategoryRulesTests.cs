using System.Text.Json;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Notifications;

/// What a category decides for everybody, and what a person's own word changes.
public sealed class CategoryRulesTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task Where_a_yes_is_needed_nobody_gets_it_who_did_not_say_it()
    {
        await GivenCategoryAsync("digest", """{"name":"Digest","class":"marketing","default_opt_in":false}""");
        await server.GivenUserAsync("c1", """{"email":"c1@example.org","phone":"+41791234567"}""");
        await PreferAsync("c1", """{"source":"page","categories":[{"category":"digest","channel":"email","opt_in":true}]}""");

        Assert.Equal(["email:", "sms:category_opted_out"], await DecideAsync("""{"user_id":"c1"}""", "digest"));
        Assert.Equal(["email:category_opted_out"], await DecideAsync("""{"email":"stranger@example.org"}""", "digest", "email"));

        await PreferAsync("c1", """{"source":"page","channels":[{"channel":"email","opt_in":false}]}""");
        Assert.Equal(["email:opted_out", "sms:category_opted_out"], await DecideAsync("""{"user_id":"c1"}""", "digest"));
    }

    [Fact]
    public async Task A_word_about_one_category_and_channel_leaves_the_others_alone()
    {
        await server.GivenUserAsync("c2", """{"email":"c2@example.org","phone":"+41791234567"}""");
        await PreferAsync("c2", """{"source":"page","categories":[{"category":"offers","channel":"sms","opt_in":false}]}""");

        Assert.Equal(["email:", "sms:category_opted_out"], await DecideAsync("""{"user_id":"c2"}""", "offers"));
        Assert.Equal(["email:", "sms:"], await DecideAsync("""{"user_id":"c2"}""", "orders"));
    }

    [Fact]
    public async Task What_is_critical_goes_past_every_opt_out_but_past_no_block_and_no_suppression()
    {
        await server.GivenUserAsync("c3", """{"email":"c3@example.org","phone":"+41791234567"}""");
        await PreferAsync("c3", """{"source":"page","channels":[{"channel":"email","opt_in":false},{"channel":"sms","opt_in":false}],"categories":[{"category":"security","channel":"sms","opt_in":false}]}""");
        Assert.Equal(["email:", "sms:"], await DecideAsync("""{"user_id":"c3"}""", "security"));

        await server.Client.JsonAsync("POST /v1/suppressions", """{"channel":"email","address":"c3@example.org","reason":"complaint"}""");
        Assert.Equal(["email:suppressed_address", "sms:"], await DecideAsync("""{"user_id":"c3"}""", "security"));

        await server.Client.JsonAsync("PUT /v1/users/c3/block", """{"reason":"fraud"}""");
        Assert.Equal(["email:blocked", "sms:blocked"], await DecideAsync("""{"user_id":"c3"}""", "security"));
    }

    [Fact]
    public async Task A_category_keeps_to_its_channels()
    {
        await GivenCategoryAsync("mailonly", """{"name":"By mail","class":"transactional","channels":["email"]}""");
        await server.GivenUserAsync("c4", """{"email":"c4@example.org","phone":"+41791234567"}""");

        Assert.Equal(["email:"], await DecideAsync("""{"user_id":"c4"}""", "mailonly", null));
        using var refused = await server.Client.SendAsync("POST /v1/notifications", Body("""{"user_id":"c4"}""", "mailonly", "email\",\"sms"));
        await ProblemAssert.IsAsync(refused, 422, "validation_failed");
        Assert.Equal("/channels", await ProblemAssert.PointerAsync(refused));
    }

    [Fact]
    [Bar("B39")]
    public async Task B39_numbers_that_are_not_served_are_refused_wherever_they_are_said()
    {
        await using var swiss = await ServerHost.StartAsync("Development", new Dictionary<string, string?> { ["Phones:AllowedPrefixes:0"] = "+41", ["Phones:RefusedPrefixes:0"] = "+41900" });

        await swiss.GivenUserAsync("c5", """{"phone":"+41791234567"}""");
        foreach (var phone in new[] { "+14155552671", "+41900123456" })
        {
            await swiss.Client.RefusesAsync("PUT /v1/users/c5", $$"""{"phone":"{{phone}}"}""", 422, "validation_failed");
            await swiss.Client.RefusesAsync("PATCH /v1/users/c5", $$"""{"phone":"{{phone}}"}""", 422, "validation_failed");
            await swiss.Client.RefusesAsync("POST /v1/notifications", $$$"""{"to":[{"phone":"{{{phone}}}"}],"channels":["sms"],"content":{"text":"x"}}""", 422, "validation_failed");
            var batch = await swiss.Client.JsonAsync("POST /v1/users:batch", $$"""{"items":[{"user_id":"c6","phone":"{{phone}}" }]}""");
            Assert.Equal("country_not_served", batch.GetProperty("results")[0].GetProperty("problem").GetProperty("errors")[0].GetProperty("code").GetString());
        }
    }

    private Task<JsonElement> PreferAsync(string user, string json) => server.Client.JsonAsync($"PATCH /v1/users/{user}/preferences", json);

    /// Known to the node after two seconds at most.
    private async Task GivenCategoryAsync(string key, string json)
    {
        await server.Client.JsonAsync($"PUT /v1/categories/{key}", json);
        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await server.Client.SendAsync("POST /v1/notifications:explain", Body("""{"email":"x@example.org"}""", key, "email"));
            return response.IsSuccessStatusCode;
        });
    }

    /// Channel and first reason of each decision.
    private async Task<string[]> DecideAsync(string to, string category, string? channels = "email\",\"sms")
    {
        var explained = await server.Client.JsonAsync("POST /v1/notifications:explain", Body(to, category, channels));
        return [.. explained.GetProperty("decisions").EnumerateArray()
            .Select(decision => $"{decision.GetProperty("channel")}:{decision.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()).FirstOrDefault()}").Order()];
    }

    private static string Body(string to, string category, string? channels) =>
        $$$"""{"to":[{{{to}}}],"category":"{{{category}}}",{{{(channels is null ? "" : $"\"channels\":[\"{channels}\"],")}}}"content":{"subject":"a","text":"b","title":"c","body":"d"}}""";
}
