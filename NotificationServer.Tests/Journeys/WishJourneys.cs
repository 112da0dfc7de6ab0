using System.Net.Http.Json;
using System.Text.Json;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// A person's no is respected: when it was said before the request, and when it was said after.
public sealed class WishJourneys(Walk walk) : IClassFixture<Walk>
{
    [Fact]
    [Bar("B41")]
    public async Task A_blocked_user_gets_nothing_even_if_blocked_after_the_request()
    {
        var email = $"{Walk.SomeId()}@example.org";
        var user = await walk.GivenUser(new { email });
        var message = Walk.MessageOf(await walk.Post(MailTo(user, later: true)));

        await walk.Put($"/v1/users/{user}/block", new { reason = "asked by phone" });
        await walk.ItIsTimeFor(message);

        var ended = await walk.Until(message, "suppressed");
        Assert.Equal("blocked", ended.GetProperty("reason").GetString());
        Assert.DoesNotContain(walk.Simulator.Ledger, entry => entry.To == email);
    }

    [Fact]
    public async Task An_opt_out_between_request_and_send_counts()
    {
        var email = $"{Walk.SomeId()}@example.org";
        var user = await walk.GivenUser(new { email });
        var message = Walk.MessageOf(await walk.Post(MailTo(user, later: true)));

        await OptOut(user, "email");
        await walk.ItIsTimeFor(message);

        var ended = await walk.Until(message, "suppressed");
        Assert.Equal("opted_out", ended.GetProperty("reason").GetString());
        Assert.DoesNotContain(walk.Simulator.Ledger, entry => entry.To == email);
    }

    [Theory]
    [InlineData("offers", "suppressed")]
    [InlineData("orders", "suppressed")]
    [InlineData("security", "queued")]
    public async Task An_opt_out_holds_for_every_class_but_the_critical_one(string category, string status)
    {
        var user = await walk.GivenUser(new { email = $"{Walk.SomeId()}@example.org" });
        await OptOut(user, "email");

        var accepted = await walk.Post(MailTo(user, category: category));

        Assert.Equal(status, accepted.GetProperty("messages")[0].GetProperty("delivery_status").GetString());
    }

    [Fact]
    public async Task A_block_holds_for_critical_messages_too()
    {
        var user = await walk.GivenUser(new { email = $"{Walk.SomeId()}@example.org" });
        await walk.Put($"/v1/users/{user}/block", new { reason = "legal" });

        var accepted = await walk.Post(MailTo(user, category: "security"));

        Assert.Equal("blocked", accepted.GetProperty("messages")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Every_channel_that_was_asked_for_is_accounted_for()
    {
        var user = await walk.GivenUser(new { email = $"{Walk.SomeId()}@example.org" });

        var accepted = await walk.Post(new
        {
            to = new[] { new { user_id = user } },
            channels = new[] { "push", "sms", "email" },
            content = new { title = "Hi", body = "There", text = "Hi", subject = "Hi" },
        });

        var messages = accepted.GetProperty("messages").EnumerateArray().ToDictionary(m => m.GetProperty("channel").GetString()!, Describe);
        Assert.Equal(new Dictionary<string, string> { ["push"] = "suppressed no_address", ["sms"] = "suppressed no_address", ["email"] = "queued " }, messages);
    }

    [Fact]
    public async Task A_cancelled_notification_is_never_sent()
    {
        var email = $"{Walk.SomeId()}@example.org";
        var accepted = await walk.Post(new
        {
            to = new[] { new { email } },
            channels = new[] { "email" },
            content = new { subject = "Later", text = "Or never" },
            send_at = TimeProvider.System.GetUtcNow().AddHours(1),
        });
        Assert.Equal("scheduled", accepted.GetProperty("messages")[0].GetProperty("delivery_status").GetString());

        using var response = await walk.Api.PostAsJsonAsync(accepted.GetProperty("links").GetProperty("cancel").GetString(), new { });

        Assert.Equal(1, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cancelled").GetInt32());
        await walk.Until(Walk.MessageOf(accepted), "cancelled");
    }

    private static string Describe(JsonElement message) => $"{message.GetProperty("delivery_status")} {message.GetProperty("reason")}";

    private static object MailTo(string user, bool later = false, string? category = null) => new
    {
        to = new[] { new { user_id = user } },
        channels = new[] { "email" },
        category,
        content = new { subject = "Hello", text = "There" },
        send_at = later ? TimeProvider.System.GetUtcNow().AddHours(1) : (DateTimeOffset?)null,
    };

    private async Task OptOut(string user, string channel)
    {
        using var response = await walk.Api.PatchAsJsonAsync($"/v1/users/{user}/preferences",
            new { channels = new[] { new { channel, opt_in = false } }, source = "test" });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
