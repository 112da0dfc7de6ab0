using System.Text.Json;

namespace NotificationServer.Tests.Journeys;

/// What becomes of a message when a provider says no, says nothing, or says it too late.
public sealed class FailureJourneys(Walk walk) : IClassFixture<Walk>
{
    [Fact]
    public async Task A_refusal_that_passes_is_tried_again_and_both_attempts_are_told()
    {
        var message = await GivenMail("once-503+a@sim.example");

        var sent = await walk.Until(message, "sent");

        Assert.Equal(2, sent.GetProperty("attempts").GetInt32());
        Assert.Equal(["transient", "accepted"], await OutcomesOf(message));
    }

    [Fact]
    public async Task A_refusal_for_good_ends_the_message_with_the_provider_s_reason()
    {
        var message = await GivenMail("status-413+a@sim.example");

        var failed = await walk.Until(message, "failed");

        Assert.Equal(1, failed.GetProperty("attempts").GetInt32());
        Assert.StartsWith("sendgrid: ", failed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.True(failed.GetProperty("error").GetProperty("permanent").GetBoolean());
    }

    [Fact]
    public async Task A_dead_push_token_is_retired_so_that_nothing_is_sent_to_it_again()
    {
        var user = await walk.GivenUser();
        await walk.Put($"/v1/users/{user}/devices/old", new { platform = "android", push_provider = "fcm", token = $"sim-gone:{user}" });
        var push = new { to = new[] { new { user_id = user } }, channels = new[] { "push" }, content = new { title = "Hi", body = "There" } };
        await walk.Until(Walk.MessageOf(await walk.Post(push)), "failed");

        var next = await walk.Post(push);

        var message = next.GetProperty("messages")[0];
        Assert.Equal("suppressed", message.GetProperty("delivery_status").GetString());
        Assert.Equal("no_address", message.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_is_suppressed_for_every_later_mail()
    {
        await walk.Until(await GivenMail("gone+a@sim.example"), "failed");

        var next = await walk.Post(Mail("gone+a@sim.example"));

        Assert.Equal("suppressed_address", next.GetProperty("messages")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task After_an_answer_that_nobody_can_read_it_is_tried_once_more_and_then_left_to_a_person()
    {
        var message = await GivenMail("garbage+a@sim.example");

        var failed = await walk.Until(message, "failed");

        Assert.Equal(["unknown", "unknown"], await OutcomesOf(message));
        Assert.StartsWith("It may have been sent", failed.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_asks_to_wait_costs_the_message_nothing()
    {
        var message = await GivenMail("throttled-1+a@sim.example");

        await Support.Eventually.IsTrueAsync(async () => (await OutcomesOf(message)).Length >= 2);

        Assert.All(await OutcomesOf(message), outcome => Assert.Equal("throttled", outcome));
        Assert.Equal("queued", (await walk.Get($"/v1/messages/{message}")).GetProperty("delivery_status").GetString());
    }

    [Fact]
    public async Task One_channel_s_silent_provider_delays_no_other_channel()
    {
        var silent = Enumerable.Range(0, 300).Select(i => GivenMail($"hang+{i}@sim.example"));
        await Task.WhenAll(silent);
        var phone = Walk.SomePhone();

        await walk.Post(new { to = new[] { new { phone } }, channels = new[] { "sms" }, content = new { text = "Still here" } });

        Assert.Equal("twilio", (await walk.Arrived(phone)).Provider);
    }

    private async Task<string> GivenMail(string to) => Walk.MessageOf(await walk.Post(Mail(to)));

    private static object Mail(string email) => new { to = new[] { new { email } }, channels = new[] { "email" }, content = new { subject = "Hello", text = "There" } };

    private async Task<string[]> OutcomesOf(string message) =>
        [.. (await walk.Get($"/v1/messages/{message}/timeline")).GetProperty("data").EnumerateArray()
            .Where(e => e.GetProperty("type").GetString() == "attempt")
            .Select(e => e.GetProperty("outcome").GetString()!)];
}
