namespace NotificationServer.Tests.Journeys;

/// The push vendors beside Apple's and Google's, where all of them are there: the token says whose it is.
public sealed class PushVendorJourneys(WalkWithEveryVendor walk) : IClassFixture<WalkWithEveryVendor>
{
    private static readonly object Content = new { title = "Order shipped", body = "It leaves today", data = new { order = "1042" } };

    [Fact]
    public async Task A_browser_that_subscribed_with_us_is_reached_by_web_push_and_one_of_FCM_by_FCM()
    {
        var (user, ours, googles) = (await walk.GivenUser(), Walk.SomeId("browser"), Walk.SomeId("fcm"));
        await GivenBrowserAsync(user, ours);
        await walk.Put($"/v1/users/{user}/devices/other", new { platform = "web", push_provider = "fcm", token = googles });

        var accepted = await walk.Post(To(user));

        var (byWebPush, byFcm) = (await walk.Arrived(ours), await walk.Arrived(googles));
        Assert.Equal(("webpush", "fcm"), (byWebPush.Provider, byFcm.Provider));
        Assert.Equal("Order shipped", byWebPush.Body.GetProperty("title").GetString());
        Assert.Equal("1042", byWebPush.Body.GetProperty("data").GetProperty("order").GetString());
        for (var index = 0; index < 2; index++)
        {
            var sent = await walk.Until(Walk.MessageOf(accepted, index), "sent");
            Assert.Contains(sent.GetProperty("provider_message_id").GetString(), new[] { byWebPush.Id, byFcm.Id });
        }
    }

    [Theory]
    [InlineData("jpush", "android")]
    [InlineData("jpush", "ios")]
    [InlineData("pushy", "android")]
    public async Task A_phone_is_reached_through_whoever_issued_its_token(string provider, string platform)
    {
        var (user, token) = (await walk.GivenUser(), Walk.SomeId(provider));
        await walk.Put($"/v1/users/{user}/devices/phone", new { platform, push_provider = provider, token });

        var accepted = await walk.Post(To(user));

        var push = await walk.Arrived(token);
        var sent = await walk.Until(Walk.MessageOf(accepted), "sent");
        Assert.Equal((provider, push.Id), (sent.GetProperty("provider").GetString(), sent.GetProperty("provider_message_id").GetString()));
        Assert.Contains("Order shipped", push.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_that_is_gone_is_retired()
    {
        var user = await walk.GivenUser();
        await GivenBrowserAsync(user, $"sim-gone:{user}");
        await walk.Until(Walk.MessageOf(await walk.Post(To(user))), "failed");

        var message = (await walk.Post(To(user))).GetProperty("messages")[0];

        Assert.Equal(("suppressed", "no_address"), (message.GetProperty("delivery_status").GetString(), message.GetProperty("reason").GetString()));
    }

    private Task GivenBrowserAsync(string user, string name) => walk.Put($"/v1/users/{user}/devices/browser", new
    {
        platform = "web", push_provider = "webpush", token = walk.Simulator.PushCredentials.Subscription(walk.Simulator.Urls.WebPush, name),
    });

    private static object To(string user) => new { to = new[] { new { user_id = user } }, channels = new[] { "push" }, content = Content };
}
