using Microsoft.Playwright;
using NotificationServer.Tests.Admin.Pages.Monitor;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

public sealed class MonitorJourneyTests(MonitorServer server, Chromium chromium) : IClassFixture<MonitorServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task An_operator_sees_SMS_stuck_on_a_red_overview_pauses_the_channel_and_resumes_it()
    {
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(server.Email, server.Password);
        await Expect(page.Locator(".sentence")).ToHaveTextAsync("All is well: nothing waits to be sent.");

        // The page turns red by itself while it is looked at.
        await server.GivenWaitingAsync("sms", 1204, TimeSpan.FromMinutes(12));
        await server.GivenClosedAccountAsync("twilio", "misconfigured: Authenticate", TimeSpan.FromMinutes(12));
        await Expect(page.Locator(".sentence")).ToContainTextAsync("SMS is stuck: Twilio has refused our credentials since", new() { Timeout = 15_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at SMS" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "SMS", Exact = true })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause… SMS", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Pause SMS?" });
        await Expect(dialog).ToContainTextAsync("1,204 messages wait to be sent and will go on waiting.");
        await dialog.GetByLabel("Reason").FillAsync("Twilio's key was revoked; a new one is on its way");
        await dialog.GetByLabel("For how long").SelectOptionAsync("30");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause SMS" }).ClickAsync();

        await Expect(page.GetByText("SMS is paused.")).ToBeVisibleAsync();
        await Expect(page.Locator(".held")).ToContainTextAsync("a new one is on its way");
        await Expect(page.Locator(".held")).ToContainTextAsync(server.Email);
        await page.GetByRole(AriaRole.Link, new() { Name = "Queues", Exact = true }).First.ClickAsync();
        await Expect(page.Locator(".lanes")).ToContainTextAsync("Paused");

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume… SMS", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Resume SMS?" }).GetByRole(AriaRole.Button, new() { Name = "Resume SMS" }).ClickAsync();
        await Expect(page.GetByText("SMS runs again.")).ToBeVisibleAsync();
        await Expect(page.Locator(".held")).ToHaveCountAsync(0);
        Assert.Empty(visitor.Complaints);
    }
}

/// Each of the monitor's pages, with something on it.
public sealed class MonitorScreensTests(MonitorServer server, Chromium chromium) : IClassFixture<MonitorServer>, IClassFixture<Chromium>
{
    [Theory]
    [ClassData(typeof(Looks))]
    public async Task The_pages_fit_their_window(int width, ColorScheme colours)
    {
        await MonitorSamples.IntoAsync(server);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var name = $"{width}-{colours}".ToLowerInvariant();

        foreach (var (path, picture) in new[]
        {
            ("", "overview"), ("/queues", "queues"), ("/queues/sms", "channel-stuck"), ("/queues/web_push", "channel-paused"), ("/queues/android_push", "channel-quiet"),
            ("/nodes", "nodes"), ("/maintenance", "maintenance"), ("/alerts", "alerts"),
        })
        {
            await visitor.Page.GotoAsync($"/admin{path}");
            await LookAsync(visitor, $"monitor-{picture}-{name}");
        }
        await visitor.Page.GotoAsync("/admin/queues/sms");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Pause… SMS", Exact = true }).ClickAsync();
        await LookAsync(visitor, $"monitor-dialog-{name}", whole: false);
        Assert.Empty(visitor.Complaints);
    }

    private static async Task LookAsync(Visitor visitor, string name, bool whole = true)
    {
        if (Looks.Folder is { } folder)
            await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = whole });

        var overflow = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow == 0, $"{name} is {overflow} px wider than the window");
    }
}
