using Microsoft.Playwright;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Admin.Pages.Inbox;
using static Microsoft.Playwright.Assertions;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Browser;

public sealed class InboxJourneyTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task A_developer_signs_in_and_sees_each_kind_of_message_as_its_reader_would()
    {
        await Samples.IntoAsync(server.Db);
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(server.Email, server.Password);
        await page.GetByRole(AriaRole.Link, new() { Name = "Inbox", Exact = true }).ClickAsync();

        await page.GetByText("Parcel shipped").First.ClickAsync();
        await Expect(page.Locator(".bubble")).ToContainTextAsync("It arrives on Tuesday between 9 and 12.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Payload" }).ClickAsync();
        await Expect(page.Locator(".payload")).ToContainTextAsync("\"order_no\": \"1234\"");

        await page.GetByText("Ihr Code lautet").First.ClickAsync();
        await Expect(page.Locator(".sms")).ToContainTextAsync("493 027");
        await Expect(page.GetByText("2 segments")).ToBeVisibleAsync();

        await page.GetByText("Your order 1234 is on its way").First.ClickAsync();
        await Expect(page.FrameLocator(".mail").GetByText("Track the parcel")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Text" }).ClickAsync();
        await Expect(page.Locator(".mail-text")).ToContainTextAsync("https://example.org/track/1234");

        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_new_message_appears_without_reloading()
    {
        await using var visitor = await chromium.VisitAsync(server.Address);
        await visitor.SignInAsync(server.Email, server.Password);
        await visitor.Page.GotoAsync("/admin/inbox?channel=sms");
        await visitor.Page.EvaluateAsync("window.sameDocument = true");

        await new Seed("sms", "+41790009999", Text: "Fresh from the queue").IntoAsync(server.Db);

        await Expect(visitor.Page.GetByText("Fresh from the queue")).ToBeVisibleAsync();
        Assert.True(await visitor.Page.EvaluateAsync<bool>("window.sameDocument"));
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Inbox" })).ToHaveCountAsync(1);

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "E-mail", Exact = true }).ClickAsync();
        await Expect(visitor.Page.GetByText("Fresh from the queue")).ToHaveCountAsync(0);
        Assert.EndsWith("/admin/inbox?channel=email", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    [Bar("S26")]
    public async Task A_hostile_mail_runs_nothing()
    {
        var hostile = await new Seed("email", "eve@example.org", Subject: "<script>document.title='owned'</script>",
            Html: "<script>parent.document.title='owned';top.location='/admin/sign-out'</script><p>still here</p>").IntoAsync(server.Db);
        await using var visitor = await chromium.VisitAsync(server.Address);
        await visitor.SignInAsync(server.Email, server.Password);

        await visitor.Page.GotoAsync($"/admin/inbox/{hostile.Id}");

        await Expect(visitor.Page.FrameLocator(".mail").GetByText("still here")).ToBeVisibleAsync();
        Assert.NotEqual("owned", await visitor.Page.TitleAsync());
        Assert.EndsWith($"/admin/inbox/{hostile.Id}", visitor.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_works_without_scripts_and_the_chosen_colours_stay()
    {
        var message = await new Seed("sms", "+41790008888", Text: "plain HTML").IntoAsync(server.Db);
        await using var visitor = await chromium.VisitAsync(server.Address, scripts: false);
        await visitor.SignInAsync(server.Email, server.Password);

        await visitor.Page.GotoAsync("/admin/inbox?q=8888");
        await visitor.Page.Locator(".row-words", new() { HasText = "plain HTML" }).ClickAsync();
        await Expect(visitor.Page.Locator(".sms")).ToHaveTextAsync("plain HTML");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Contains($"/admin/inbox/{message.Id}", visitor.Page.Url, StringComparison.Ordinal);

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }
}
