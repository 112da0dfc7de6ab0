using System.Net.Http.Headers;
using Microsoft.Playwright;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Journeys;
using NotificationServer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

public sealed class OutsideJourneyTests(OutsideServer server, Chromium chromium) : IClassFixture<OutsideServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task An_administrator_makes_a_key_calls_the_API_with_it_revokes_it_and_is_refused()
    {
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(server.Email, server.Password);
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "API keys" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New key" }).First.ClickAsync();
        await page.Locator("[name='Form.Client']").FillAsync("billing");
        await page.Locator("[name='Form.Name']").FillAsync("production");
        await page.GetByLabel("notifications:read").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The key is made" })).ToBeVisibleAsync();
        var key = await page.Locator(".secret-value code").InnerTextAsync();
        Assert.Equal(200, await StatusAsync(key));

        await page.GetByRole(AriaRole.Link, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(page.GetByText(key)).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Revoke “production” of billing?");
        await dialog.GetByLabel("Reason").FillAsync("it was in a log");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke the key" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is revoked");
        Assert.Equal(401, await StatusAsync(key));
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task An_operator_drills_a_provider_sees_its_traffic_wait_and_resets_it()
    {
        using (var setUp = await server.SignedInAsync())
            Assert.Equal(302, (int)(await setUp.PostAsync("/admin/new-provider?kind=twilio&handler=Save", server.TwilioForm("drilled"))).StatusCode);
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(server.Email, server.Password);
        await page.GetByRole(AriaRole.Link, new() { Name = "Providers", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "drilled" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Drill…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("SMS waits: no other account can carry it now.");
        await dialog.GetByLabel("Reason").FillAsync("the quarterly drill");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Begin the drill" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The drill has begun");
        await Expect(page.Locator(".sentence")).ToContainTextAsync("drill: the quarterly drill");

        await Eventually.IsTrueAsync(() => NodeSees(isClosed: true));
        var sent = await server.Host.Client.JsonAsync("POST /v1/notifications", $$$"""{"to":[{"phone":"{{{Walk.SomePhone()}}}"}],"channels":["sms"],"content":{"text":"Hello"}}""");
        var message = sent.GetProperty("messages")[0].GetProperty("id").GetString();
        Assert.Equal("queued", await StateAsync(message));

        await page.GetByRole(AriaRole.Button, new() { Name = "End the drill…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Use it again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is used again at once");
        await Eventually.IsTrueAsync(async () => await StateAsync(message) is "sent" or "delivered");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("It works again");
        Assert.Empty(visitor.Complaints);
    }

    private bool NodeSees(bool isClosed) =>
        (Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<NotificationServer.Delivery.Gates.ProviderGates>(server.Host.Services)
            .Ask("drilled").Kind == NotificationServer.Delivery.Gates.AdmissionKind.Closed) == isClosed;

    private async Task<string?> StateAsync(string? message) =>
        (await server.Host.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString();

    private async Task<int> StatusAsync(string key)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return (int)(await http.GetAsync(new Uri("/v1/messages", UriKind.Relative))).StatusCode;
    }
}
