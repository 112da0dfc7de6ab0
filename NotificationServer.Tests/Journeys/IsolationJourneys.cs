namespace NotificationServer.Tests.Journeys;

public sealed class IsolationJourneys(Walk walk) : IClassFixture<Walk>
{
    [Fact]
    public async Task One_channel_s_silent_provider_delays_no_other_channel()
    {
        // More than the channel may have in flight, so that mail stands still for good.
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => walk.Post(new
        {
            to = new[] { new { email = $"hang+{i}@sim.example" } },
            channels = new[] { "email" },
            content = new { subject = "Hello", text = "There" },
        })));
        var phone = Walk.SomePhone();

        await walk.Post(new { to = new[] { new { phone } }, channels = new[] { "sms" }, content = new { text = "Still here" } });

        Assert.Equal("twilio", (await walk.Arrived(phone)).Provider);
    }
}
