using Microsoft.Playwright;
using NotificationServer.Tests.Admin;

namespace NotificationServer.Tests.Browser;

/// The composer, the list and the calendar with what a team has planned.
public sealed class CampaignScreenTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Theory]
    [ClassData(typeof(Looks))]
    public async Task The_pages_of_campaigns_fit_their_window_and_keep_nobody_out(int width, ColorScheme colours)
    {
        var made = await CampaignSamples.IntoAsync(server.Services, server.Db);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var findings = new List<string>();
        foreach (var (path, picture) in new[]
        {
            ("", "list"), ("/calendar", "calendar"), ("/new", "new"), ($"/{made.Ready}/audience", "audience"), ($"/{made.Tested}/content?variant=1", "variants"),
            ($"/{made.Weekly}/schedule", "weekly"), ($"/{made.Local}/schedule", "local"), ($"/{made.Ready}/review", "review"), ($"/{made.Empty}/review", "review-faults"),
        })
        {
            await visitor.Page.GotoAsync($"/admin/campaigns{path}");
            var name = $"campaigns-{picture}-{width}-{colours}".ToLowerInvariant();
            if (Looks.Folder is { } folder)
                await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
            findings.AddRange(await Barriers.OnAsync(visitor.Page, name));
        }
        findings.AddRange(visitor.Complaints);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }
}
