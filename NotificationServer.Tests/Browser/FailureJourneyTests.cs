using Microsoft.Playwright;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Admin.Pages.Failures;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

public sealed class FailureJourneyTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task An_operator_finds_a_failure_requeues_three_of_it_and_sees_them_arrive()
    {
        await server.GivenFailedAsync("the pigeon is ill", [.. Enumerable.Range(1, 5).Select(n => new Desk.Said($"u_pigeon{n}", $"+1555040{n}", Text: $"Coo number {n}"))]);
        await server.ResumeAsync("sms");
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(server.Email, server.Password);

        await page.GetByRole(AriaRole.Link, new() { Name = "Failures", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "the pigeon is ill" }).ClickAsync();
        await Expect(page.GetByText("postbird refused them for good.")).ToBeVisibleAsync();
        foreach (var n in new[] { 1, 3, 5 }) await page.GetByLabel($"Select the message to u_pigeon{n}").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Requeue selected" }).ClickAsync();

        await Expect(page.GetByText("Requeue 3 messages at 200 a second")).ToBeVisibleAsync();
        await page.GetByLabel("Why").FillAsync("The pigeon is well again");
        await page.GetByRole(AriaRole.Button, new() { Name = "Requeue 3 messages" }).ClickAsync();

        await Expect(page.GetByText("All 3 are requeued.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.GotoAsync("/admin/inbox?q=u_pigeon");
        await Expect(page.Locator(".row-words")).ToHaveCountAsync(3);
        await Expect(page.GetByText("Coo number 5")).ToBeVisibleAsync();

        await page.GotoAsync("/admin/messages?q=u_pigeon5");
        await page.GetByRole(AriaRole.Link, new() { Name = "u_pigeon5", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Try 2: inbox took it")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what it said" }).ClickAsync();
        await Expect(page.Locator(".sms")).ToHaveTextAsync("Coo number 5");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task From_a_red_overview_to_requeued_messages_it_is_no_more_than_three_clicks()
    {
        await server.GivenFailedAsync("the carrier is on strike", [.. Enumerable.Range(1, 4).Select(n => new Desk.Said($"u_strike{n}", $"+1555050{n}", Text: $"Parcel {n}"))]);
        await server.ResumeAsync("sms");
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(server.Email, server.Password);

        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "the carrier is on strike" }).GetByRole(AriaRole.Link, new() { Name = "Requeue…" }).ClickAsync();
        await page.GetByLabel("Why").FillAsync("The strike is over");
        await page.GetByRole(AriaRole.Button, new() { Name = "Requeue 4 messages" }).ClickAsync();

        await Expect(page.GetByText("All 4 are requeued.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.Empty(visitor.Complaints);
    }
}
