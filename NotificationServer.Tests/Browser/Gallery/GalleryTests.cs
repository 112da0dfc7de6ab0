using Microsoft.Playwright;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Browser.Gallery;

/// Every page of the admin app with a month of data: nothing sticks out, the browser has no complaint, and nobody is kept out.
[Bar("S21")]
public sealed class GalleryTests(BusyServer server, Chromium chromium) : IClassFixture<BusyServer>, IClassFixture<Chromium>
{
    [Theory]
    [ClassData(typeof(Looks))]
    public async Task Every_page_fits_is_accessible_and_makes_no_browser_complain(int width, ColorScheme colours)
    {
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var findings = new List<string>();

        foreach (var (name, path) in server.Pages)
        {
            var answer = await visitor.Page.GotoAsync(path);
            if (answer is { Status: >= 400 }) findings.Add($"{name}: {path} was answered with {answer.Status}");
            if (Looks.Folder is not null)
                await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Looks.Folder, $"{name}-{width}-{colours}.png".ToLowerInvariant()), FullPage = true });
            findings.AddRange(await Barriers.OnAsync(visitor.Page, name));
        }

        findings.AddRange(visitor.Complaints);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }
}
