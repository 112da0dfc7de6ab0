using Microsoft.Playwright;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

/// A marketer who says whom to write to.
public sealed class SegmentJourneyTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task A_marketer_builds_rules_line_by_line_and_sees_who_is_meant_while_typing()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("u_vienna", """{"email":"vienna@example.org","country":"AT","attributes":{"plan":"pro"}}""");
        await service.GivenAsync("u_graz", """{"country":"AT","attributes":{"plan":"free"}}""");
        await service.GivenAsync("u_seoul", """{"country":"KR"}""");
        var (email, password) = await server.LoginAsync(Roles.Marketer);
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(email, password);

        await page.GotoAsync("/admin/segments");
        await page.GetByRole(AriaRole.Link, new() { Name = "New segment" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Austrian professionals");
        var look = page.GetByRole(AriaRole.Region, new() { Name = "Who that is right now" });
        await page.GetByLabel("Values, with commas between them").FillAsync("AT");
        await Expect(look).ToContainTextAsync("2 people");

        await page.GetByRole(AriaRole.Button, new() { Name = "Condition", Exact = true }).First.ClickAsync();
        var second = page.GetByLabel("What is asked").Nth(1);
        await Expect(second).ToBeFocusedAsync();
        await second.SelectOptionAsync("attribute:text");
        await page.GetByLabel("Name of the attribute").FillAsync("plan");
        await page.GetByLabel("Values, with commas between them").Nth(1).FillAsync("pro");
        await Expect(look).ToContainTextAsync("1 person");
        await Expect(look).ToContainTextAsync("vienna@example.org");

        await page.GetByRole(AriaRole.Button, new() { Name = "Make the segment" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("“Austrian professionals” is there.");
        await Expect(page.Locator(".sentence")).ToHaveTextAsync("Country is one of AT and plan is one of pro.");
        Assert.Equal(1, (await service.JsonAsync("GET /v1/segments")).GetProperty("data")[0].GetProperty("estimated_size").GetInt32());
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [ClassData(typeof(Looks))]
    public async Task The_pages_about_segments_fit_their_window(int width, ColorScheme colours)
    {
        await PeopleSamples.IntoAsync(server.Db);
        await SegmentSamples.IntoAsync(server.Db);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var name = $"{width}-{colours}".ToLowerInvariant();
        foreach (var (path, picture) in new[]
        {
            ("segments", "list"), ("segments?archived=true", "none"), ("new-segment", "new"), ("new-segment?kind=list", "new-list"),
            ("segments/seg_01990000000070008000000000000001", "rules"), ("segments/seg_01990000000070008000000000000003", "short"), ("segments/seg_01990000000070008000000000000004", "members"),
        })
        {
            await visitor.Page.GotoAsync($"/admin/{path}");
            if (Looks.Folder is { } folder)
                await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"segments-{picture}-{name}.png"), FullPage = true });
            var overflow = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(overflow == 0, $"{picture}-{name} is {overflow} px wider than the window");
        }
        Assert.Empty(visitor.Complaints);
    }
}
