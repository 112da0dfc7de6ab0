using Microsoft.Playwright;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Admin.Pages.Users;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

/// A marketer who has somebody on the phone.
public sealed class UserJourneyTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task A_marketer_blocks_a_user_sees_a_send_suppressed_and_lets_the_next_one_go()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("u_journey", """{"email":"journey@example.org"}""");
        var (email, password) = await server.LoginAsync(Roles.Marketer);
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(email, password);

        await page.GetByRole(AriaRole.Link, new() { Name = "Users", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("journey@");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "u_journey" }).ClickAsync();
        await Expect(page.GetByText("Can be reached by e-mail.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Block…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("Asked by phone");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Block", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("u_journey is blocked");
        Assert.Equal(("suppressed", "blocked"), await service.MailAsync("u_journey"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Messages", Exact = true }).Last.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Last).ToContainTextAsync("Suppressed");

        await page.GetByRole(AriaRole.Button, new() { Name = "Unblock…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("Called again");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Unblock", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is not blocked any more");
        Assert.Null((await service.MailAsync("u_journey")).Reason);
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [ClassData(typeof(Looks))]
    public async Task The_pages_about_people_fit_their_window(int width, ColorScheme colours)
    {
        await PeopleSamples.IntoAsync(server.Db);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var name = $"{width}-{colours}".ToLowerInvariant();
        foreach (var (path, picture) in new[]
        {
            ("users", "list"), ("users?q=nobody-like-this", "nobody"), ("users?country=KR", "filtered"), ("new-user", "new"), ("users/u_ada", "profile"), ("users/u_ada?tab=devices", "devices"),
            ("users/u_ada?tab=preferences", "preferences"), ("users/u_ada?tab=consents", "consents"), ("users/u_ada?tab=messages", "messages"), ("users/u_ada?tab=reach&category=offers", "reach"),
            ("users/u_ada/choice?channel=email&category=offers", "choice"), ("users/u_ada/edit", "edit"), ("users/u_ada/erase", "erase"), ("users/u_minjun", "blocked-one"),
            ("blocked", "blocked"), ("blocked/new", "block"), ("suppressions", "suppressions"), ("suppressions/1", "suppression"), ("suppressions/new", "suppress"),
            ("categories", "categories"), ("categories/offers", "category"), ("new-category", "new-category"),
        })
        {
            await visitor.Page.GotoAsync($"/admin/{path}");
            if (Looks.Folder is { } folder)
                await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"people-{picture}-{name}.png"), FullPage = true });
            var overflow = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(overflow == 0, $"{picture}-{name} is {overflow} px wider than the window");
        }
        Assert.Empty(visitor.Complaints);
    }
}
