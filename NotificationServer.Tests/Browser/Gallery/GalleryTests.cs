using Microsoft.Playwright;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Browser.Gallery;

/// Every page of the admin app with a month of data: nothing sticks out, the browser has no complaint, and nobody is kept out. With
/// NS_SCREENSHOTS set to a folder (`./test screenshots`) it is looked at in every width and both themes, and pictures are left there.
[Bar("S21")]
public sealed class GalleryTests(BusyServer server, Chromium chromium) : IClassFixture<BusyServer>, IClassFixture<Chromium>
{
    private static string? Folder => Environment.GetEnvironmentVariable("NS_SCREENSHOTS");

    public static TheoryData<int, ColorScheme> Looks => Folder is null
        ? new() { { 1440, ColorScheme.Light }, { 400, ColorScheme.Dark } }
        : new()
        {
            { 1440, ColorScheme.Light }, { 1440, ColorScheme.Dark }, { 900, ColorScheme.Light }, { 900, ColorScheme.Dark },
            { 400, ColorScheme.Light }, { 400, ColorScheme.Dark },
        };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_fits_is_accessible_and_makes_no_browser_complain(int width, ColorScheme colours)
    {
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var findings = new List<string>();

        foreach (var (name, path) in server.Pages)
        {
            var answer = await visitor.Page.GotoAsync(path);
            if (answer is { Status: >= 400 }) findings.Add($"{name}: {path} was answered with {answer.Status}");
            if (Folder is not null)
                await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{width}-{colours}.png".ToLowerInvariant()), FullPage = true });
            findings.AddRange(await Barriers.OnAsync(visitor.Page, name));
        }

        findings.AddRange(visitor.Complaints);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }
}
