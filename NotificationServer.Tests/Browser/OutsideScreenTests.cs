using Microsoft.Playwright;
using NotificationServer.Tests.Admin;

namespace NotificationServer.Tests.Browser;

public sealed class OutsideScreenTests(OutsideServer server, Chromium chromium) : IClassFixture<OutsideServer>, IClassFixture<Chromium>
{
    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    public async Task The_pages_fit_their_window(int width, ColorScheme colours)
    {
        await OutsideSamples.IntoAsync(server);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var name = $"{width}-{colours}".ToLowerInvariant();
        foreach (var (path, picture) in await OutsideSamples.PagesAsync(server))
        {
            await visitor.Page.GotoAsync($"/admin{path}");
            if (Environment.GetEnvironmentVariable("NS_SCREENSHOTS") is { } folder)
                await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{picture}-{name}.png"), FullPage = true });
            var overflow = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(overflow == 0, $"{path} is {overflow} px wider than the window");
        }
        Assert.Empty(visitor.Complaints);
    }
}
