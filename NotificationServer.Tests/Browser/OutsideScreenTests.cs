using Microsoft.Playwright;
using NotificationServer.Tests.Admin;

namespace NotificationServer.Tests.Browser;

/// The pages of providers, keys, webhooks, changes and settings with accounts in every state.
public sealed class OutsideScreenTests(OutsideServer server, Chromium chromium) : IClassFixture<OutsideServer>, IClassFixture<Chromium>
{
    [Theory]
    [ClassData(typeof(Looks))]
    public async Task The_pages_fit_their_window_and_keep_nobody_out(int width, ColorScheme colours)
    {
        await OutsideSamples.IntoAsync(server);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var findings = new List<string>();

        foreach (var (path, picture) in await OutsideSamples.PagesAsync(server))
        {
            await visitor.Page.GotoAsync($"/admin{path}");
            if (Looks.Folder is { } folder)
                await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"outside-{picture}-{width}-{colours}.png".ToLowerInvariant()), FullPage = true });
            findings.AddRange(await Barriers.OnAsync(visitor.Page, path));
        }

        findings.AddRange(visitor.Complaints);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }
}
