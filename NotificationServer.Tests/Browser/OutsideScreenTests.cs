using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NotificationServer.Tests.Admin;

namespace NotificationServer.Tests.Browser;

/// The pages of providers, keys, webhooks, changes and settings with accounts in every state.
public sealed class OutsideScreenTests(OutsideServer server, Chromium chromium) : IClassFixture<OutsideServer>, IClassFixture<Chromium>
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        ResultTypes = [ResultType.Violations],
    };

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    public async Task The_pages_fit_their_window_and_keep_nobody_out(int width, ColorScheme colours)
    {
        await OutsideSamples.IntoAsync(server);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var findings = new List<string>();

        foreach (var (path, picture) in await OutsideSamples.PagesAsync(server))
        {
            await visitor.Page.GotoAsync($"/admin{path}");
            if (Environment.GetEnvironmentVariable("NS_SCREENSHOTS") is { } folder)
                await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"outside-{picture}-{width}-{colours}.png".ToLowerInvariant()), FullPage = true });
            var overflow = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (overflow != 0) findings.Add($"{path} is {overflow} px wider than the window");
            findings.AddRange((await visitor.Page.RunAxe(Rules)).Violations.Select(violation => $"{path}: {violation.Id}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
        }

        Assert.Empty(findings.Concat(visitor.Complaints));
    }
}
