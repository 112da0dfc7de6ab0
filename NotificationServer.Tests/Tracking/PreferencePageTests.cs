using System.Net;
using System.Text.RegularExpressions;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Tracking;

public sealed partial class PreferencePageTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task It_shows_what_the_person_gets_changes_it_and_takes_the_change_back()
    {
        var (user, link) = await GivenPersonAsync();
        var shown = await GetAsync(link);
        Assert.True(IsOn(shown, "offers:email") && IsOn(shown, "offers:sms") && IsOn(shown, "orders:email"));
        Assert.DoesNotContain("offers:push", shown, StringComparison.Ordinal); // there is no device
        Assert.DoesNotContain("security:", shown, StringComparison.Ordinal);   // cannot be switched off, and says so
        Assert.Contains("Always on", shown, StringComparison.Ordinal);
        Assert.DoesNotContain($"{user}@", shown, StringComparison.Ordinal);    // a link may be passed on
        Assert.Contains("@example.org", shown, StringComparison.Ordinal);

        var saved = await SaveAsync(link, shown, without: "offers:email");
        Assert.Contains("You no longer get Offers and news by e‑mail.", saved, StringComparison.Ordinal);
        Assert.False(IsOn(saved, "offers:email"));
        Assert.True(IsOn(saved, "offers:sms"));
        Assert.Equal("category_opted_out", await ReasonAsync(user, "email", "offers"));

        var undone = await PostAsync(link, ("on", "offers:email"), ("do", "undo"));
        Assert.True(IsOn(undone, "offers:email"));
        Assert.Null(await ReasonAsync(user, "email", "offers"));
        Assert.Contains("Nothing was changed", await SaveAsync(link, undone), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_marketing_goes_with_one_button_and_orders_stay()
    {
        var (_, link) = await GivenPersonAsync();

        var page = await PostAsync(link, ("do", "no-marketing"));

        Assert.False(IsOn(page, "offers:email") || IsOn(page, "offers:sms"));
        Assert.True(IsOn(page, "orders:email"));
    }

    [Fact]
    public async Task A_channel_that_was_switched_off_as_a_whole_is_opened_for_the_one_kind_that_is_wanted()
    {
        var (user, link) = await GivenPersonAsync();
        await server.Client.JsonAsync($"PATCH /v1/users/{user}/preferences", """{"source":"t","channels":[{"channel":"sms","opt_in":false}]}""");
        var shown = await GetAsync(link);
        Assert.False(IsOn(shown, "orders:sms") || IsOn(shown, "offers:sms"));

        var page = await PostAsync(link, ("do", "save"), ("shown", "orders:sms"), ("on", "orders:sms"));

        Assert.True(IsOn(page, "orders:sms"));
        Assert.False(IsOn(page, "offers:sms") || IsOn(page, "account:sms"));
        Assert.Null(await ReasonAsync(user, "sms", "orders"));
        Assert.NotNull(await ReasonAsync(user, "sms", "offers"));
    }

    [Fact]
    public async Task What_came_to_be_after_the_page_was_shown_is_not_taken_for_a_no()
    {
        var (_, link) = await GivenPersonAsync();

        var page = await PostAsync(link, ("do", "save"), ("shown", "offers:email"));

        Assert.False(IsOn(page, "offers:email"));
        Assert.True(IsOn(page, "orders:email") && IsOn(page, "offers:sms"));
    }

    [Theory]
    [InlineData("de-AT", null, null, "lang=\"de\"", "Angebote und Neuigkeiten")]
    [InlineData(null, "ko-KR,ko;q=0.9", null, "lang=\"ko\"", "혜택 및 소식")]
    [InlineData("de", "ko", "en", "lang=\"en\"", "Offers and news")]
    [InlineData("fr", null, null, "lang=\"en\"", "Your messages")]
    public async Task It_speaks_the_language_of_the_person_else_of_the_browser_unless_another_is_chosen(
        string? locale, string? browser, string? chosen, string language, string words)
    {
        var (_, link) = await GivenPersonAsync(locale);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(chosen is null ? link.ToString() : $"{link}?lang={chosen}"));
        if (browser is not null) request.Headers.TryAddWithoutValidation("Accept-Language", browser);

        using var answer = await server.ClientFor(null).SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Contains($"<html {language}>", page, StringComparison.Ordinal);
        Assert.Contains(words, page, StringComparison.Ordinal);
    }

    [Fact]
    [Bar("B52")]
    public async Task What_people_and_categories_are_called_is_text_and_never_markup()
    {
        await server.Client.JsonAsync("PUT /v1/categories/evil", """{"name":"<script>alert(1)</script>","class":"marketing"}""");
        var (_, link) = await GivenPersonAsync();

        var page = await GetAsync(link);

        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_replied_STOP_is_told_how_to_get_texts_again()
    {
        var (user, link) = await GivenPersonAsync();
        var phone = await server.Database.Source.AskAsync<string>("select phone from users where id = @user", new { user });
        await using (var connection = await server.Database.Source.OpenConnectionAsync())
            await Dapper.SqlMapper.ExecuteAsync(connection, "insert into suppressions (channel, address, reason) values ('sms', @phone, 'stop')", new { phone });

        Assert.Contains("Reply START", await GetAsync(link), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("B55")]
    public async Task A_body_that_is_no_form_changes_nothing()
    {
        var (_, link) = await GivenPersonAsync();
        foreach (var type in new[] { "application/json", "multipart/form-data; boundary=x" })
        {
            using var content = new StringContent("{\"do\":\"no-marketing\"}");
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await server.ClientFor(null).PostAsync(link, content);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        Assert.True(IsOn(await GetAsync(link), "offers:email"));
    }

    private async Task<(string User, Uri Link)> GivenPersonAsync(string? locale = null)
    {
        var user = $"p_{Guid.CreateVersion7():N}";
        var phone = $"+1555{Random.Shared.Next(1_000_000, 9_999_999)}";
        await server.GivenUserAsync(user, $$"""{"email":"{{user}}@example.org","phone":"{{phone}}","locale":{{(locale is null ? "null" : $"\"{locale}\"")}}}""");
        return (user, new Uri((await server.Client.JsonAsync($"POST /v1/users/{user}/preference-link", "{}")).GetProperty("url").GetString()!)); // always there
    }

    private async Task<string> GetAsync(Uri link) => await server.ClientFor(null).GetStringAsync(link);

    /// As a browser would post what is shown.
    private Task<string> SaveAsync(Uri link, string page, string? without = null) => PostAsync(link,
    [
        ("do", "save"),
        .. Shown().Matches(page).Select(match => ("shown", match.Groups[1].Value)),
        .. Shown().Matches(page).Select(match => match.Groups[1].Value).Where(key => IsOn(page, key) && key != without).Select(key => ("on", key)),
    ]);

    private async Task<string> PostAsync(Uri link, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        using var answer = await server.ClientFor(null).PostAsync(link, content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<string?> ReasonAsync(string user, string channel, string category) => (await server.Client.JsonAsync("POST /v1/notifications",
        $$$"""{"to":[{"user_id":"{{{user}}}"}],"channels":["{{{channel}}}"],"category":"{{{category}}}","content":{"subject":"Hello","text":"There"}}"""))
        .GetProperty("messages")[0] is var message && message.TryGetProperty("reason", out var reason) ? reason.GetString() : null;

    private static bool IsOn(string page, string key) => page.Contains($"name=\"on\" value=\"{key}\" checked", StringComparison.Ordinal);

    [GeneratedRegex("name=\"shown\" value=\"([^\"]+)\"")]
    private static partial Regex Shown();
}
