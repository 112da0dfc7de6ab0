using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// Not now, and not so often: kept when a message is accepted, and again when it is about to be sent.
public sealed class QuietJourneys(Walk walk) : IClassFixture<Walk>
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task What_comes_in_quiet_hours_is_held_until_they_end()
    {
        var (user, _) = await GivenSleeper();

        var message = Walk.MessageOf(await walk.Post(MailTo(user)));

        var held = await walk.Get($"/v1/messages/{message}");
        Assert.Equal("scheduled", held.GetProperty("delivery_status").GetString());
        Assert.InRange((held.GetProperty("next_attempt_at").GetDateTimeOffset() - Now).TotalMinutes, 58, 121);
        var explained = await Explain(MailTo(user));
        Assert.Equal(held.GetProperty("next_attempt_at").GetDateTimeOffset(), explained.GetProperty("send_at").GetDateTimeOffset());
        Assert.True(explained.GetProperty("would_send").GetBoolean());
    }

    [Fact]
    public async Task Whoever_says_so_and_whatever_is_critical_comes_through()
    {
        var (user, email) = await GivenSleeper();

        await walk.Until(Walk.MessageOf(await walk.Post(MailTo(user, respectQuietHours: false))), "sent");
        await walk.Until(Walk.MessageOf(await walk.Post(MailTo(user, category: "security"))), "sent");

        Assert.Equal(2, walk.Simulator.Ledger.Count(entry => entry.To == email));
    }

    [Fact]
    public async Task A_category_may_rather_expire_and_what_would_be_too_old_by_then_does_so_too()
    {
        await GivenCategory("flash", new { name = "Flash sale", @class = "marketing", quiet_hours = "expire" });
        await GivenCategory("today", new { name = "Today", @class = "transactional", expires_after_seconds = 60 });
        var (user, _) = await GivenSleeper();

        foreach (var category in new[] { "flash", "today" })
        {
            var accepted = (await walk.Post(MailTo(user, category: category))).GetProperty("messages")[0];
            Assert.Equal("suppressed quiet_hours_expired", $"{accepted.GetProperty("delivery_status")} {accepted.GetProperty("reason")}");
        }
    }

    [Fact]
    public async Task Quiet_hours_that_came_after_the_request_hold_a_message_without_counting_anything_against_it()
    {
        var email = $"{Walk.SomeId()}@example.org";
        var user = await walk.GivenUser(new { email });
        var message = Walk.MessageOf(await walk.Post(MailTo(user, later: true)));

        await Sleep(user);
        await walk.ItIsTimeFor(message);

        await Eventually.IsTrueAsync(async () => await Query<bool>("select run_at > now() + interval '30 minutes' and state = 0 and attempt = 1 and failures = 0 from jobs where id = @id", message));
        Assert.DoesNotContain(walk.Simulator.Ledger, entry => entry.To == email);
        Assert.Equal(0, (await walk.Get($"/v1/messages/{message}")).GetProperty("attempts").GetInt32());

        await Patch(user, new { source = "test", quiet_hours = (object?)null });
        await walk.ItIsTimeFor(message);
        await walk.Until(message, "sent");
    }

    [Theory]
    [InlineData("drop", "suppressed", "frequency_capped")]
    [InlineData("defer", "queued", "")]
    public async Task One_too_many_is_dropped_or_waits_as_its_category_says(string policy, string status, string reason)
    {
        var category = Walk.SomeId("limited");
        await GivenCategory(category, new { name = "Limited", @class = "marketing", limit = new { count = 2, per_seconds = 86400, policy } });
        var email = $"{Walk.SomeId()}@example.org";
        var user = await walk.GivenUser(new { email });
        for (var i = 0; i < 2; i++) await walk.Until(Walk.MessageOf(await walk.Post(MailTo(user, category: category))), "sent");

        var message = Walk.MessageOf(await walk.Post(MailTo(user, category: category)));
        if (policy == "defer") await Eventually.IsTrueAsync(() => Query<bool>("select run_at > now() + interval '11 hours' and failures = 0 from jobs where id = @id", message));
        var ended = await walk.Until(message, status);

        Assert.Equal(reason, ended.GetProperty("reason").ToString());
        Assert.Equal(2, walk.Simulator.Ledger.Count(entry => entry.To == email));
    }

    [Fact]
    public async Task A_push_follows_the_devices_token_but_never_to_somebody_else()
    {
        var (ann, ben) = (await walk.GivenUser(), await walk.GivenUser());
        var (old, renewed, shared) = (Walk.SomeApnsToken(), Walk.SomeApnsToken(), Walk.SomeApnsToken());
        await Register(ann, "phone", old);
        await Register(ann, "tablet", shared);
        var accepted = await walk.Post(new
        {
            to = new[] { new { user_id = ann } }, channels = new[] { "push" }, content = new { title = "For Ann", body = "only" }, send_at = Now.AddHours(1),
        });
        var (phone, tablet) = (Walk.MessageOf(accepted, 0), Walk.MessageOf(accepted, 1));

        await Register(ann, "phone", renewed);
        await Register(ben, "tablet", shared);
        await walk.ItIsTimeFor(phone);
        await walk.ItIsTimeFor(tablet);

        await walk.Until(phone, "sent");
        Assert.Equal("no_address", (await walk.Until(tablet, "suppressed")).GetProperty("reason").GetString());
        Assert.Equal([renewed], walk.Simulator.Ledger.Where(entry => entry.To == old || entry.To == renewed || entry.To == shared).Select(entry => entry.To));
    }

    [Fact]
    public async Task Whoever_was_forgotten_after_the_request_gets_nothing()
    {
        var email = $"{Walk.SomeId()}@example.org";
        var user = await walk.GivenUser(new { email });
        var message = Walk.MessageOf(await walk.Post(MailTo(user, later: true)));

        using var deleted = await walk.Api.DeleteAsync(new Uri($"/v1/users/{user}", UriKind.Relative));
        await walk.ItIsTimeFor(message);

        Assert.Equal("no_address", (await walk.Until(message, "suppressed")).GetProperty("reason").GetString());
    }

    private async Task<(string User, string Email)> GivenSleeper()
    {
        var email = $"{Walk.SomeId()}@example.org";
        var user = await walk.GivenUser(new { email, time_zone = "Asia/Kolkata" });
        await Sleep(user);
        return (user, email);
    }

    /// From an hour ago for two hours, on the clock of a zone of their own.
    private Task Sleep(string user)
    {
        string Clock(int hours) => TimeZoneInfo.ConvertTime(Now.AddHours(hours), TimeZoneInfo.FindSystemTimeZoneById("America/New_York")).ToString("HH:mm", CultureInfo.InvariantCulture);
        return Patch(user, new { source = "test", quiet_hours = new { from = Clock(-1), to = Clock(2), time_zone = "America/New_York" } });
    }

    private async Task Patch(string user, object preferences)
    {
        using var response = await walk.Api.PatchAsJsonAsync($"/v1/users/{user}/preferences", preferences);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private Task Register(string user, string device, string token) =>
        walk.Put($"/v1/users/{user}/devices/{device}", new { platform = "ios", push_provider = "apns", token });

    /// Known to the nodes after two seconds at most.
    private async Task GivenCategory(string key, object category)
    {
        await walk.Put($"/v1/categories/{key}", category);
        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await walk.Api.PostAsJsonAsync("/v1/notifications:explain", MailTo("nobody", key));
            return response.IsSuccessStatusCode;
        });
    }

    private async Task<JsonElement> Explain(object notification)
    {
        using var response = await walk.Api.PostAsJsonAsync("/v1/notifications:explain", notification);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("decisions")[0];
    }

    private async Task<T?> Query<T>(string sql, string message)
    {
        await using var connection = await walk.Server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, new { id = Guid.ParseExact(message["msg_".Length..], "N") });
    }

    private static object MailTo(string user, string? category = null, bool later = false, bool respectQuietHours = true) => new
    {
        to = new[] { new { user_id = user } },
        channels = new[] { "email" },
        category,
        respect_quiet_hours = respectQuietHours,
        content = new { subject = "Hello", text = "There" },
        send_at = later ? Now.AddHours(5) : (DateTimeOffset?)null,
    };
}
