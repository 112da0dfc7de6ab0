using Microsoft.Playwright;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace NotificationServer.Tests.Browser;

/// A marketer and a colleague, from a group of people to what became of the campaign.
public sealed class CampaignJourneyTests(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task A_marketer_picks_people_writes_and_plans_a_colleague_approves_it_goes_out_and_the_report_adds_up()
    {
        using var service = await server.ServiceAsync();
        await GivenPeopleAndWordsAsync(service);
        await using var author = await chromium.VisitAsync(server.Address);
        await using var colleague = await chromium.VisitAsync(server.Address);
        foreach (var (visitor, (email, password)) in new[] { (author, await server.LoginAsync(Roles.Marketer)), (colleague, await server.LoginAsync(Roles.Marketer)) })
            await visitor.SignInAsync(email, password);
        var page = author.Page;

        await SegmentAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Campaigns", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New campaign" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Autumn sale");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin with the audience" }).ClickAsync();
        await page.GetByRole(AriaRole.Radiogroup, new() { Name = "People in Switzerland" }).GetByText("Send to").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and go to content" }).ClickAsync();

        await page.Locator("select[name='Form.Template']").SelectOptionAsync("autumn-sale");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).Last.ClickAsync();
        await Expect(page.Locator(".mail-head")).ToContainTextAsync("[percent]% off");
        await page.Locator("input[name='Form.Values[0].Text']").FillAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "de", Exact = true }).ClickAsync();
        await Expect(page.Locator(".mail-head")).ToContainTextAsync("20 % auf alles");
        await Expect(page.FrameLocator(".mail").GetByText("In jedem Laden 20 % günstiger.")).ToBeVisibleAsync();
        await page.GetByLabel("Address", new() { Exact = true }).FillAsync("me@example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send test" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is on its way to me@example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and go to schedule" }).ClickAsync();

        await page.GetByText("At once", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and go to the review" }).ClickAsync();
        await Expect(page.Locator(".sentence")).ToContainTextAsync("It is ready to be submitted: about 3 people would get it");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit for approval" }).ClickAsync();
        await Expect(page.GetByText("a colleague has to approve it.").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Approve…" })).ToHaveCountAsync(0);

        await ApproveAsync(colleague.Page);
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send it now" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Launched.");

        await Expect(page.Locator(".sentence")).ToContainTextAsync("Sent to 3 of 5 people", new() { Timeout = 30_000 });
        await Expect(page.Locator("#people-title + table")).ToContainTextAsync("None: ");
        await Expect(page.GetByText("These figures do not add up")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Campaigns", Exact = true }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Autumn sale" })).ToContainTextAsync("3 of 5 people");
        Assert.Empty(author.Complaints);
        Assert.Empty(colleague.Complaints);
    }

    /// Five people in Switzerland, of whom one is blocked and one wants no offers; and one elsewhere.
    private static async Task GivenPeopleAndWordsAsync(HttpClient service)
    {
        foreach (var (id, country) in new[] { ("u_ada", "CH"), ("u_bea", "CH"), ("u_cem", "CH"), ("u_dan", "CH"), ("u_eva", "CH"), ("u_far", "JP") })
            await service.GivenAsync(id, $$"""{"email":"{{id}}@example.org","country":"{{country}}","locale":"de-CH"}""");
        await service.JsonAsync("PUT /v1/users/u_dan/block", """{"reason":"Asked by phone"}""");
        await service.JsonAsync("PUT /v1/categories/sales", """{"name":"Sales","class":"marketing","default_opt_in":true}""");
        await service.JsonAsync("PATCH /v1/users/u_eva/preferences", """{"source":"settings","categories":[{"category":"sales","channel":"email","opt_in":false}]}""");
        await service.JsonAsync("POST /v1/templates", """
            {"key":"autumn-sale","name":"Autumn sale","category":"sales","sample_data":{"percent":"10"},
             "channels":{"email":{"subject":"{{percent}}% off everything","html":"<p>{{percent}}% off in every shop.</p><p><a href=\"{{unsubscribe_url}}\">Unsubscribe</a></p>","text":"{{percent}}% off. {{unsubscribe_url}}"}},
             "locales":{"de":{"email":{"subject":"{{percent}} % auf alles","html":"<p>In jedem Laden {{percent}} % günstiger.</p><p><a href=\"{{unsubscribe_url}}\">Abmelden</a></p>","text":"{{percent}} %. {{unsubscribe_url}}"}}}}
            """);
    }

    private static async Task SegmentAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Segments", Exact = true }).ClickAsync();
        await page.GotoAsync("/admin/new-segment");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("People in Switzerland");
        await Expect(page.GetByLabel("What is asked")).ToHaveValueAsync("country");
        await page.GetByLabel("Values, with commas between them").FillAsync("CH");
        await page.GetByRole(AriaRole.Button, new() { Name = "Who is that?" }).ClickAsync();
        await Expect(page.Locator("#look")).ToContainTextAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the segment" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "People in Switzerland" })).ToBeVisibleAsync();
    }

    private static async Task ApproveAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Campaigns", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To approve" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Autumn sale" }).ClickAsync();
        await Expect(page.Locator(".sentence")).ToContainTextAsync("asks for approval: about 3 people would get it");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Approved.");
    }
}
