using Microsoft.Playwright;

namespace NotificationServer.Tests.Browser;

/// The installed Chromium (NS_CHROMIUM, else /usr/bin/chromium), driven by Playwright.
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright playwright = null!;              // xunit calls InitializeAsync before any test
    private IBrowser browser = null!;                    // likewise

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("NS_CHROMIUM") ?? "/usr/bin/chromium",
            Args = Arguments,
        });
    }

    public async Task DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    internal async Task<Visitor> VisitAsync(Uri address, int width = 1440, ColorScheme colours = ColorScheme.Light, bool scripts = true)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 860 : 900 },
            ColorScheme = colours,
            JavaScriptEnabled = scripts,
            TimezoneId = "Europe/Zurich",
        });
        return new Visitor(context, await context.NewPageAsync());
    }
}
