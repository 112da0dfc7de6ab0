using Microsoft.Playwright;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

/// A person who follows the link in a message, on a phone and at a desk, with and without scripts.
public sealed class PreferenceJourneyTests(ServerHost server, Chromium chromium) : IClassFixture<ServerHost>, IClassFixture<Chromium>
{
    [Theory]
    [InlineData(400, false)]
    [InlineData(1440, false)]
    [InlineData(400, true)]
    public async Task A_person_switches_something_off_sees_that_it_is_saved_and_takes_it_back(int width, bool scripts)
    {
        var user = $"b-{width}-{scripts}";
        await server.GivenUserAsync(user, $$"""{"email":"{{user}}@example.org","phone":"+1555{{width:D7}}"}""");
        var link = (await server.Client.JsonAsync($"POST /v1/users/{user}/preference-link", "{}")).GetProperty("url").GetString()!; // always there
        await using var visitor = await chromium.VisitAsync(server.Address, width, scripts: scripts);
        var page = visitor.Page;
        await page.GotoAsync(link);
        var offers = page.GetByRole(AriaRole.Group, new() { Name = "Offers and news" }).GetByRole(AriaRole.Switch, new() { Name = "E-mail" });
        await Expect(offers).ToBeCheckedAsync();

        await offers.UncheckAsync();
        await Expect(page.GetByText("Not saved yet")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You no longer get Offers and news by e‑mail.");
        await Expect(offers).Not.ToBeCheckedAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You get Offers and news by e‑mail.");
        await Expect(offers).ToBeCheckedAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Deutsch" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Ihre Nachrichten" })).ToBeVisibleAsync();
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(visitor.Complaints);
    }
}
