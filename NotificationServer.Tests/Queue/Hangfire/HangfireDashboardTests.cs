using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NotificationServer.Admin.Identity;
using NotificationServer.Platform;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Browser;
using NotificationServer.Tests.Journeys;
using static Microsoft.Playwright.Assertions;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Queue.Hangfire;

public sealed class HangfireDashboardTests(Walk walk, Chromium chromium) : IClassFixture<Walk>, IClassFixture<Chromium>
{
    private const string Password = "seven quiet herons wade";

    [Fact]
    public async Task An_operator_requeues_a_failed_send_in_a_browser_and_it_arrives()
    {
        var message = Walk.MessageOf(await walk.Post(new
        {
            to = new[] { new { email = "once-413+browser@sim.example" } },
            channels = new[] { "email" },
            content = new { subject = "Hello", text = "There" },
        }));
        await walk.UntilJob(message, "Failed");
        var job = await walk.JobOf(message);
        var file = walk.Server.Services.GetRequiredService<DevelopmentFile>();
        await using var visitor = await chromium.VisitAsync(walk.Server.Address);
        await visitor.SignInAsync(file.Get("NS_ADMIN_EMAIL")!, file.Get("NS_ADMIN_PASSWORD")!); // made at its start
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "Hangfire" }).ClickAsync();
        await page.GotoAsync("/admin/hangfire/jobs/failed");
        await Expect(page.Locator("body")).ToContainTextAsync("sendgrid:");
        if (Environment.GetEnvironmentVariable("NS_SCREENS") is { Length: > 0 } folder) await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "hangfire-failed.png") });
        await page.Locator($"input.js-jobs-list-checkbox[value='{job}']").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Requeue jobs" }).ClickAsync();

        await walk.Arrived("once-413+browser@sim.example");
        await walk.Until(message, "sent");
        await walk.UntilJob(message, "Succeeded");
        await page.GotoAsync($"/admin/hangfire/jobs/details/{job}");
        await Expect(page.Locator("body")).ToContainTextAsync("Succeeded");
        if (Environment.GetEnvironmentVariable("NS_SCREENS") is { Length: > 0 } shots) await page.ScreenshotAsync(new() { Path = Path.Combine(shots, "hangfire-details.png"), FullPage = true });
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    [Bar("S01")]
    public async Task Nobody_who_is_not_signed_in_sees_it()
    {
        using var stranger = new AdminClient(walk.Server.Address);
        using var response = await stranger.GetAsync("/admin/hangfire");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Theory]
    [InlineData(Roles.Operator, HttpStatusCode.OK, HttpStatusCode.NoContent)]
    [InlineData(Roles.Viewer, HttpStatusCode.OK, HttpStatusCode.Unauthorized)]
    public async Task An_operator_may_change_what_a_viewer_only_sees(string role, HttpStatusCode seen, HttpStatusCode pressed)
    {
        using var client = await SignedInAs(role);
        using var page = await client.GetAsync("/admin/hangfire/jobs/failed");

        Assert.Equal(seen, page.StatusCode);
        Assert.Equal(pressed, await client.PressAsync("jobs/failed/requeue", "4711"));
    }

    [Fact]
    public async Task A_marketer_has_no_business_there()
    {
        using var client = await SignedInAs(Roles.Marketer);
        using var page = await client.GetAsync("/admin/hangfire");

        Assert.NotEqual(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    [Bar("S20", "B55")]
    public async Task A_button_pressed_from_somebody_else_s_site_does_nothing()
    {
        using var client = await SignedInAs(Roles.Operator);

        Assert.Equal(HttpStatusCode.Forbidden, await client.PressAsync("jobs/failed/requeue", token: null, ["4711"]));
    }

    private async Task<AdminClient> SignedInAs(string role)
    {
        var email = $"{Walk.SomeId(role)}@example.org";
        await using (var scope = walk.Server.Services.CreateAsyncScope())
        {
            var staff = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
            var member = new StaffMember { UserName = email, Email = email };
            Assert.True((await staff.CreateAsync(member, Password)).Succeeded);
            Assert.True((await staff.AddToRoleAsync(member, role)).Succeeded);
        }
        var client = new AdminClient(walk.Server.Address);
        Assert.Equal(HttpStatusCode.Found, (await client.SignInAsync(email, Password)).StatusCode);
        return client;
    }
}
