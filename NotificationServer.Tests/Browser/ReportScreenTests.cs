using Microsoft.Playwright;
using NotificationServer.Tests.Admin;

namespace NotificationServer.Tests.Browser;

/// How campaigns go and went, as their pages show it.
public sealed class ReportScreenTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Theory]
    [ClassData(typeof(Looks))]
    public async Task The_report_fits_its_window_and_keeps_nobody_out(int width, ColorScheme colours)
    {
        var made = await ReportSamples.IntoAsync(server.Db);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var findings = new List<string>();
        foreach (var (path, picture) in new[]
        {
            (made.Running, "running"), (made.Held, "held"), (made.Tested, "tested"), (made.Weekly, "weekly"), (made.Cancelled, "cancelled"), (made.Small, "small"),
            ($"{made.Small}/recipients", "recipients"), ($"{made.Small}/recipients?status=bounced", "recipients-bounced"), ($"{made.Running}/recipients?status=failed", "recipients-none"),
        })
        {
            var answer = await visitor.Page.GotoAsync($"/admin/campaigns/{path}");
            Assert.Equal(200, answer?.Status);
            var name = $"report-{picture}-{width}-{colours}".ToLowerInvariant();
            if (Looks.Folder is not null) await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Looks.Folder, $"{name}.png"), FullPage = true });
            findings.AddRange(await Barriers.OnAsync(visitor.Page, name));
            Assert.Equal(0, await visitor.Page.GetByText("do not add up").CountAsync());
        }

        await ReportSamples.PeopleIntoAsync(server.Db);
        var planned = await CampaignSamples.IntoAsync(server.Services, server.Db);
        foreach (var (id, picture) in new[] { (planned.Ready, "flight"), (planned.Local, "flight-local") })
        {
            await visitor.Page.GotoAsync($"/admin/campaigns/{id}/review");
            var name = $"report-{picture}-{width}-{colours}".ToLowerInvariant();
            if (Looks.Folder is not null) await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Looks.Folder, $"{name}.png"), FullPage = true });
            findings.AddRange(await Barriers.OnAsync(visitor.Page, name));
        }

        if (Looks.Folder is not null)
        {
            await visitor.Page.GotoAsync($"/admin/campaigns/{made.Running}");
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel…" }).ClickAsync();
            await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Looks.Folder, $"report-dialog-{width}-{colours}.png".ToLowerInvariant()) });
        }

        findings.AddRange(visitor.Complaints);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }
}
