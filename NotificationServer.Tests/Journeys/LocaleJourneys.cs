using System.Net;
using System.Net.Http.Json;

namespace NotificationServer.Tests.Journeys;

/// People are spoken to in their own language and told the time at their own clock, by what was known of them when it was asked.
public sealed class LocaleJourneys(Walk walk) : IClassFixture<Walk>
{
    [Fact]
    public async Task Each_gets_the_words_of_their_locale_at_the_clock_of_their_zone()
    {
        var template = await GivenTemplateAsync();
        var (zurich, vienna, seoul) = (Walk.SomePhone(), Walk.SomePhone(), Walk.SomePhone());
        var known = await walk.GivenUser(new { phone = zurich, locale = "de-CH", time_zone = "Europe/Zurich" });

        await walk.Post(new
        {
            to = new object[] { new { user_id = known }, new { phone = vienna, locale = "de-AT", time_zone = "Europe/Vienna" }, new { phone = seoul, locale = "ko-KR", time_zone = "Asia/Seoul" } },
            template, channels = new[] { "sms" }, data = new { at = "2026-11-01T09:30:00Z" },
        });

        Assert.Equal("Grüezi, 10:30", await TextTo(zurich));
        Assert.Equal("Hallo, 10:30", await TextTo(vienna));
        Assert.Equal("Hello, 18:30", await TextTo(seoul));
    }

    [Fact]
    public async Task A_device_speaks_its_own_language_at_its_own_clock()
    {
        var template = await GivenTemplateAsync();
        var (phone, token) = (Walk.SomePhone(), Walk.SomeId("fcm"));
        var user = await walk.GivenUser(new { phone });
        await walk.Put($"/v1/users/{user}/devices/phone", new { platform = "android", push_provider = "fcm", token, locale = "de-DE", time_zone = "Asia/Seoul" });

        await walk.Post(new { to = new[] { new { user_id = user } }, template, data = new { at = "2026-11-01T09:30:00Z" } });

        Assert.Contains("Hallo, 18:30", (await walk.Arrived(token)).Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("Hello, 09:30", await TextTo(phone)); // of the person nobody said anything
    }

    [Fact]
    public async Task What_was_accepted_is_said_as_it_was_whatever_became_of_template_and_person()
    {
        var template = await GivenTemplateAsync();
        var phone = Walk.SomePhone();
        var user = await walk.GivenUser(new { phone, locale = "de", time_zone = "Europe/Zurich" });
        var message = Walk.MessageOf(await walk.Post(new
        {
            to = new[] { new { user_id = user } }, template, channels = new[] { "sms" }, data = new { at = "2026-11-01T09:30:00Z" }, send_at = TimeProvider.System.GetUtcNow().AddHours(1),
        }));

        await walk.Put($"/v1/users/{user}", new { phone, locale = "en", time_zone = "UTC" });
        using var changed = await walk.Api.PostAsJsonAsync($"/v1/templates/{template}/versions", new { channels = new { sms = new { body = "Other words" } }, publish = true });
        using var archived = await walk.Api.DeleteAsync(new Uri($"/v1/templates/{template}", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.NoContent), (changed.StatusCode, archived.StatusCode));
        await walk.ItIsTimeFor(message);

        await walk.Until(message, "sent");
        Assert.Equal("Hallo, 10:30", await TextTo(phone));
    }

    private async Task<string?> TextTo(string phone) => (await walk.Arrived(phone)).Body.GetProperty("Body").GetString();

    private async Task<string> GivenTemplateAsync()
    {
        var key = Walk.SomeId("t");
        var words = (string hello) => new { sms = new { body = hello + """, {{date at "HH:mm"}}""" }, push = new { title = hello + """, {{date at "HH:mm"}}""" } };
        using var made = await walk.Api.PostAsJsonAsync("/v1/templates", new
        {
            key, name = "greeting", default_locale = "en", channels = words("Hello"),
            locales = new Dictionary<string, object> { ["de"] = words("Hallo"), ["de-CH"] = words("Grüezi") },
        });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        return key;
    }
}
