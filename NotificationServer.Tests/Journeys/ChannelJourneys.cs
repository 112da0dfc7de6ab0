using System.Text.Json;

namespace NotificationServer.Tests.Journeys;

/// From a request to a provider's ledger and back to the status, one journey a channel.
public sealed class ChannelJourneys(Walk walk) : IClassFixture<Walk>
{
    [Fact]
    public async Task A_push_reaches_an_iPhone_through_APNs()
    {
        var user = await walk.GivenUser();
        var token = Walk.SomeApnsToken();
        await walk.Put($"/v1/users/{user}/devices/phone", new { platform = "ios", push_provider = "apns", token });

        var accepted = await walk.Post(new
        {
            to = new[] { new { user_id = user } },
            channels = new[] { "push" },
            content = new { title = "Order shipped", body = "Your parcel leaves today 📦", data = new { order = "1042" } },
            overrides = new { push = new { badge = 3 } },
            collapse_key = "order-1042",
        });

        var push = await walk.Arrived(token);
        Assert.Equal("Order shipped", push.Body.GetProperty("aps").GetProperty("alert").GetProperty("title").GetString());
        Assert.Equal(3, push.Body.GetProperty("aps").GetProperty("badge").GetInt32());
        Assert.Equal("1042", push.Body.GetProperty("order").GetString());
        await AssertSent(Walk.MessageOf(accepted), "ios_push", "apns", push.Id);
    }

    [Fact]
    public async Task A_push_reaches_an_Android_phone_through_FCM()
    {
        var user = await walk.GivenUser();
        var token = Walk.SomeId("fcm");
        await walk.Put($"/v1/users/{user}/devices/phone", new { platform = "android", push_provider = "fcm", token });

        var accepted = await walk.Post(new
        {
            to = new[] { new { user_id = user } },
            channels = new[] { "push" },
            content = new { title = "Order shipped", body = "It leaves today", data = new { order = "1042" } },
        });

        var push = await walk.Arrived(token);
        var message = push.Body.GetProperty("message");
        Assert.Equal("Order shipped", message.GetProperty("notification").GetProperty("title").GetString());
        Assert.Equal("1042", message.GetProperty("data").GetProperty("order").GetString());
        await AssertSent(Walk.MessageOf(accepted), "android_push", "fcm", push.Id);
    }

    [Fact]
    public async Task A_browser_gets_its_push_through_FCM()
    {
        var user = await walk.GivenUser();
        var token = Walk.SomeId("web");
        await walk.Put($"/v1/users/{user}/devices/browser", new { platform = "web", push_provider = "fcm", token });

        var accepted = await walk.Post(new { to = new[] { new { user_id = user } }, channels = new[] { "push" }, content = new { title = "Hi", body = "There" } });

        var push = await walk.Arrived(token);
        await AssertSent(Walk.MessageOf(accepted), "web_push", "fcm", push.Id);
    }

    [Fact]
    public async Task A_text_reaches_a_phone_through_Twilio()
    {
        var phone = Walk.SomePhone();

        var accepted = await walk.Post(new { to = new[] { new { phone } }, channels = new[] { "sms" }, content = new { text = "Your code is 123456" } });

        var sms = await walk.Arrived(phone);
        Assert.Contains("Your code is 123456", sms.Body.GetRawText(), StringComparison.Ordinal);
        await AssertSent(Walk.MessageOf(accepted), "sms", "twilio", sms.Id);
    }

    [Fact]
    public async Task A_mail_reaches_a_mailbox_through_SendGrid()
    {
        var email = $"{Walk.SomeId()}@example.org";
        var user = await walk.GivenUser(new { email });

        var accepted = await walk.Post(new
        {
            to = new[] { new { user_id = user } },
            channels = new[] { "email" },
            content = new { subject = "Receipt ✓", text = "Plain", html = "<p>Rich</p>" },
            overrides = new { email = new { reply_to = "help@example.org" } },
        });

        var mail = await walk.Arrived(email);
        Assert.Equal("Receipt ✓", mail.Body.GetProperty("subject").GetString());
        Assert.Equal("help@example.org", mail.Body.GetProperty("reply_to").GetProperty("email").GetString());
        var message = Walk.MessageOf(accepted);
        Assert.Equal(message["msg_".Length..], mail.MessageKey?.Replace("-", "", StringComparison.Ordinal));
        await AssertSent(message, "email", "sendgrid", mail.Id);
    }

    [Fact]
    public async Task One_notification_reaches_everything_that_a_person_has()
    {
        var (token, phone, email) = (Walk.SomeApnsToken(), Walk.SomePhone(), $"{Walk.SomeId()}@example.org");
        var user = await walk.GivenUser(new { email, phone });
        await walk.Put($"/v1/users/{user}/devices/phone", new { platform = "ios", push_provider = "apns", token });

        var accepted = await walk.Post(new
        {
            to = new[] { new { user_id = user } },
            channels = new[] { "push", "sms", "email" },
            content = new { title = "Hello", body = "On your phone", subject = "Hello", text = "In words" },
        });

        await Task.WhenAll(walk.Arrived(token), walk.Arrived(phone), walk.Arrived(email));
        Assert.Equal(["ios_push", "sms", "email"], accepted.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("channel").GetString()));
        var id = accepted.GetProperty("id").GetString();
        await Support.Eventually.IsTrueAsync(async () =>
            (await walk.Get($"/v1/notifications/{id}")).GetProperty("messages").TryGetProperty("sent", out var sent) && sent.GetInt32() == 3);
        Assert.Equal(3, (await walk.Get($"/v1/notifications/{id}/messages")).GetProperty("data").GetArrayLength());
    }

    private async Task AssertSent(string message, string channel, string provider, string providerId)
    {
        var sent = await walk.Until(message, "sent");
        Assert.Equal(channel, sent.GetProperty("channel").GetString());
        Assert.Equal(provider, sent.GetProperty("provider").GetString());
        Assert.Equal(providerId, sent.GetProperty("provider_message_id").GetString());
        Assert.Equal(1, sent.GetProperty("attempts").GetInt32());

        var events = (await walk.Get($"/v1/messages/{message}/timeline")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["accepted", "attempt", "sent"], events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal("accepted", events[1].GetProperty("outcome").GetString());
        Assert.Equal(events.Select(At).Order(), events.Select(At));
    }

    private static DateTimeOffset At(JsonElement timelineEvent) => timelineEvent.GetProperty("at").GetDateTimeOffset();
}
