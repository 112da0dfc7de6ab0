using Microsoft.Playwright;
using NotificationServer.Tests.Admin;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

public sealed class TemplateJourneyTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task A_marketer_writes_a_template_sees_it_while_typing_mends_it_and_publishes_it()
    {
        await using var visitor = await chromium.VisitAsync(server.Address);
        var page = visitor.Page;
        await visitor.SignInAsync(server.Email, server.Password);
        await page.GetByRole(AriaRole.Link, new() { Name = "Templates", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New template" }).ClickAsync();

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Parcel at the door");
        await Expect(page.GetByLabel("Key", new() { Exact = true })).ToHaveValueAsync("parcel-at-the-door");
        await page.GetByLabel("Subject").FillAsync("Hello {{name}}");
        await page.GetByLabel("HTML", new() { Exact = true }).FillAsync("<h1>Your parcel is here, {{name}}</h1>");
        await Expect(page.Locator("#preview-mail-head")).ToContainTextAsync("Hello [name]");
        await Expect(page.FrameLocator(".mail:not(.mail-next)").GetByRole(AriaRole.Heading)).ToHaveTextAsync("Your parcel is here, [name]");
        await page.Locator("label.tab", new() { HasText = "SMS" }).ClickAsync();
        await page.GetByLabel("Text message").FillAsync("It’s here, {{nmae}}");
        await Expect(page.Locator("#preview-sms")).ToContainTextAsync("UCS-2");
        await page.Locator("label.tab", new() { HasText = "Data" }).ClickAsync();
        await page.GetByLabel("Sample data").FillAsync("""{"name":"Ada"}""");
        await Expect(page.Locator("#preview-mail-head")).ToContainTextAsync("Hello Ada");
        await Expect(page.Locator("#findings")).ToContainTextAsync("{{nmae}} is used but not in the sample data.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Publish…" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Publish version 1?" })).ToBeVisibleAsync();
        await Expect(page.GetByText("cannot be published: 1 error has to be mended first")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Publish version 1" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Mend it" }).ClickAsync();

        await page.Locator("[data-goto='/channels/sms']").ClickAsync();
        await Expect(page.GetByLabel("Text message")).ToBeFocusedAsync();
        await page.GetByLabel("Text message").FillAsync("It is here, ");
        await page.Locator("[data-insert='name']").ClickAsync();
        await Expect(page.Locator(".phone .sms")).ToHaveTextAsync("It is here, Ada");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish…" }).ClickAsync();
        await Expect(page.Locator("ins", new() { HasText = "It is here, {{name}}" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish version 2" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Version 2 is in use.");

        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Without_scripts_the_same_form_previews_saves_and_tells_of_a_colleague_who_was_faster()
    {
        await TemplateSamples.IntoAsync(server.Services);
        await using var visitor = await chromium.VisitAsync(server.Address, scripts: false);
        await using var colleague = await chromium.VisitAsync(server.Address, scripts: false);
        await visitor.SignInAsync(server.Email, server.Password);
        await colleague.SignInAsync(server.Email, server.Password);
        var page = visitor.Page;
        await page.GotoAsync("/admin/templates/sign-in-code");
        await colleague.Page.GotoAsync("/admin/templates/sign-in-code");

        await page.GetByLabel("Text message").FillAsync("Code: {{code}}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview", Exact = true }).ClickAsync();
        await Expect(page.Locator(".phone .sms")).ToHaveTextAsync("Code: 493 027");

        await colleague.Page.GetByLabel("Text message").FillAsync("{{code}} is yours");
        await colleague.Page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Expect(colleague.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved as version 2.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("saved version 2 while you were writing");
        await Expect(page.GetByLabel("Text message")).ToHaveValueAsync("Code: {{code}}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save mine as version 3" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved as version 3.");
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [ClassData(typeof(Looks))]
    public async Task The_pages_fit_their_window(int width, ColorScheme colours)
    {
        await TemplateSamples.IntoAsync(server.Services);
        await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
        await visitor.SignInAsync(server.Email, server.Password);
        var name = $"{width}-{colours}".ToLowerInvariant();

        foreach (var (path, picture) in new[]
        {
            ("", "list"), ("?q=nothing-like-it", "list-nothing"), ("?status=archived", "list-archived"), ("/summer-2024", "edit-archived"), ("/order-shipped?channel=email", "edit-mail"), ("/order-shipped?channel=sms", "edit-sms"),
            ("/order-shipped?channel=push&language=ja", "edit-push-ja"), ("/order-shipped?channel=sms&language=ar", "edit-sms-ar"), ("/order-shipped?channel=data", "edit-data"),
            ("/black-friday", "edit-errors"), ("/order-shipped/publish", "publish"), ("/black-friday/publish", "publish-refused"), ("/order-shipped/versions", "versions"),
        })
        {
            await visitor.Page.GotoAsync($"/admin/templates{path}");
            await LookAsync(visitor, $"templates-{picture}-{name}");
        }
        await visitor.Page.GotoAsync("/admin/new-template");
        await LookAsync(visitor, $"templates-new-{name}");
        Assert.Empty(visitor.Complaints);
    }

    private static async Task LookAsync(Visitor visitor, string name)
    {
        if (Looks.Folder is { } folder)
            await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });

        var overflow = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow == 0, $"{name} is {overflow} px wider than the window");
    }
}
