using Microsoft.Playwright;

namespace NotificationServer.Tests.Browser;

/// Somebody at a browser, and everything that the browser complained about meanwhile (violations of the CSP are among it).
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    public Visitor(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.RequestFailed += (_, request) =>
        {
            if (request.Failure is not "net::ERR_ABORTED") complaints.Add($"{request.Url}: {request.Failure}"); // leaving a page aborts its requests
        };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Complaints => complaints;

    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync("/admin");
        await Page.GetByLabel("E-mail address").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
    }

    public ValueTask DisposeAsync() => new(context.CloseAsync());
}
