using Microsoft.Playwright;

namespace NotificationServer.Tests.Browser;

/// The one browser of a test run; each visitor has a profile of its own in it. It ends with the run, as its driver does.
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly Lazy<Task<IBrowser>> Started = new(StartAsync);

    private IBrowser browser = null!; // xunit calls InitializeAsync before any test

    public async Task InitializeAsync() => browser = await Started.Value;

    public Task DisposeAsync() => Task.CompletedTask;

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

    private static async Task<IBrowser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000); // ms; of a page that asks every few seconds, on a busy machine
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("NS_CHROMIUM") ?? "/usr/bin/chromium",
            Args = Arguments,
        });
    }
}
