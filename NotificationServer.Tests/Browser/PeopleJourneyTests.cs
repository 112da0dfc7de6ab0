using Microsoft.Playwright;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Admin.Identity;
using NotificationServer.Tests.Admin.Identity.SecondFactor;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

public sealed class PeopleJourneyTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task Somebody_is_invited_chooses_a_password_sets_up_the_second_factor_and_signs_in_with_it()
    {
        await using var boss = await chromium.VisitAsync(server.Address);
        await boss.SignInAsync(server.Email, server.Password);
        await boss.Page.GotoAsync("/admin/people");
        await boss.Page.GetByRole(AriaRole.Link, new() { Name = "Invite somebody" }).ClickAsync();
        await boss.Page.GetByLabel("E-mail address").FillAsync("olga@example.org");
        await boss.Page.GetByLabel("Operator").CheckAsync();
        await boss.Page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).ClickAsync();
        await Expect(boss.Page.GetByRole(AriaRole.Heading, new() { Name = "olga@example.org is invited" })).ToBeVisibleAsync();
        var link = await boss.Page.Locator(".link-shown code").InnerTextAsync();

        await using var olga = await chromium.VisitAsync(server.Address);
        var page = olga.Page;
        await page.GotoAsync(link);
        await page.GetByLabel("Your name").FillAsync("Olga Ladyzhenskaya");
        await page.GetByLabel("Password").FillAsync(Colleagues.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Come in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Welcome, Olga Ladyzhenskaya.");

        await page.GetByRole(AriaRole.Link, new() { Name = "olga@example.org" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Set it up" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "The key as a picture" })).ToBeVisibleAsync();
        await page.GetByText("It cannot scan").ClickAsync();
        var app = new Authenticator((await page.Locator(".secret").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal));
        await page.GetByLabel("Type the six digits that it shows").FillAsync(app.Code());
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn it on" }).ClickAsync();
        await Expect(page.Locator(".codes code")).ToHaveCountAsync(10);
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await page.GetByLabel("E-mail address").FillAsync("olga@example.org");
        await page.GetByLabel("Password").FillAsync(Colleagues.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Code").FillAsync(app.Code(1));
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
        await page.GotoAsync("/admin/me"); // which does not ask by itself how things are

        await boss.Page.GotoAsync("/admin/people");
        await boss.Page.GetByRole(AriaRole.Link, new() { Name = "Olga Ladyzhenskaya" }).ClickAsync();
        await boss.Page.GetByRole(AriaRole.Button, new() { Name = "Disable…" }).ClickAsync();
        await Expect(boss.Page.GetByText("Their 1 open session ends at once")).ToBeVisibleAsync();
        await boss.Page.GetByLabel("Reason").FillAsync("left the company");
        await boss.Page.GetByRole(AriaRole.Button, new() { Name = "Disable", Exact = true }).ClickAsync();
        await Expect(boss.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Olga Ladyzhenskaya is disabled and signed out everywhere.");
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        Assert.Empty(olga.Complaints);
        Assert.Empty(boss.Complaints);
    }
}
