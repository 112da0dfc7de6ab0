using Microsoft.Playwright;
using NotificationServer.Tests.Admin;

namespace NotificationServer.Tests.Browser;

/// What a visitor sees first: signing in, the overview and the inbox, empty and with one message of each kind.
public sealed class ScreensTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Theory]
    [ClassData(typeof(Looks))]
    public async Task Nothing_is_wider_than_the_window_and_the_browser_has_no_complaint(int width, ColorScheme colours)
    {
        await Samples.OnlyIntoAsync(server.Db);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        var name = $"{width}-{colours}".ToLowerInvariant();
        await visitor.Page.GotoAsync("/admin/sign-in");
        await LookAsync(visitor, $"sign-in-{name}");
        await visitor.SignInAsync(server.Email, server.Password);
        await LookAsync(visitor, $"overview-{name}");

        await visitor.Page.GotoAsync("/admin/inbox?q=nobody");
        await LookAsync(visitor, $"inbox-nothing-{name}");
        await visitor.Page.GotoAsync("/admin/inbox");
        await LookAsync(visitor, $"inbox-{name}");

        var messages = await visitor.Page.Locator(".rows a").EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
        for (var n = 0; n < messages.Length; n++)
        {
            await visitor.Page.GotoAsync(messages[n]);
            await LookAsync(visitor, $"message-{n}-{name}");
        }

        Assert.Equal(Samples.Count, messages.Length);
        Assert.Empty(visitor.Complaints);
    }

    private static async Task LookAsync(Visitor visitor, string name)
    {
        if (Looks.Folder is { } folder)
            await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });

        var overflow = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow == 0, $"{name} is {overflow} px wider than the window");
    }
}
