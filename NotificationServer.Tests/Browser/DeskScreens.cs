using Dapper;
using Microsoft.Playwright;
using NotificationServer.Queue;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Admin.Pages.Failures;
using static NotificationServer.Tests.Admin.Pages.Failures.Desk;

namespace NotificationServer.Tests.Browser;

public sealed class DeskScreens(AdminServer server, Chromium chromium) : IClassFixture<AdminServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task Look()
    {
        var folder = Environment.GetEnvironmentVariable("NS_SCREENSHOTS")!;
        var ids = await server.GivenFailedAsync("Too many requests from this sender: quota of 4000 for 2026-11-23 is used up, try again after 04:12:11Z", [.. Enumerable.Range(1, 7).Select(n => new Said($"u_{n}7301", $"+4179123450{n}", Template: "order_shipped", Text: "Ihr Code lautet 493 027"))]);
        await server.GivenFailedAsync("The number is not in service", new Said(null, "+41791239999"), new Said("用户_88", "+8613800138000"));
        await server.GivenFailedAsync("mailbox full", [new Said("u_مرحبا", "layla.al-mansouri.with.a.very.long.name@mail.example.com", "email", Text: "Hello")]);
        await server.GivenFailedAsync("BadDeviceToken", [new Said("u_900", "f3a1f3a1f3a1f3a1f3a1f3a1f3a1f3a1f3a1f3a1f3a1f3a1", "ios_push", Template: "welcome_back")]);
        await using (var c = await server.Db.OpenConnectionAsync())
        {
            await c.ExecuteAsync("update failure_groups set state='muted', muted_by='staff:ann@example.org', muted_at=now(), mute_reason='Known, their ticket 8812' where summary like 'mailbox%'");
            await c.ExecuteAsync("""
                insert into receipts (message_id, key, vendor, account, event, kind, class, code, at, detail) values (@id, gen_random_uuid(), 'postbird', 'postbird', 'undelivered', 'failed', 'permanent', '30005', now(), '{"reason":"Unknown destination handset"}');
                insert into engagements (message_id, kind, by_whom, source, url_key, url, first_at, last_at, count) values (@id, 'clicked', 'human', 'own', 1, 'https://example.org/track/1234', now(), now(), 2);
                insert into decisions (message_id, decision, actor, reason) values (@id, 'requeued', 'staff:ann@example.org', 'The provider said it is repaired');
                """, new { id = Guid.ParseExact(ids[0][4..], "N") });
        }
        var wait = await server.GivenWaitingAsync(new Said("u_7301", "ada.lovelace@example.org", "email", Text: "Your parcel is on its way", EventId: "order-4711-shipped", Template: null));
        await server.GivenWaitingAsync(new Said("u_7302", "+41791230002") { SendAt = TimeProvider.System.GetUtcNow().AddHours(5), Lane = Lane.Bulk });
        var quiet = await server.GivenWaitingAsync(new Said("u_7303", "+41791230003"));
        await using (var c = await server.Db.OpenConnectionAsync())
            await c.ExecuteAsync("delete from jobs where id = @id; update messages set status = 'suppressed', reason = 'category_opted_out' where id = @id", new { id = Guid.ParseExact(quiet[4..], "N") });
        string? fingerprint;
        await using (var c = await server.Db.OpenConnectionAsync()) fingerprint = await c.QuerySingleAsync<string>("select fingerprint from failure_groups where summary like 'Too many%'");

        foreach (var (width, colours) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (900, ColorScheme.Light), (400, ColorScheme.Light), (400, ColorScheme.Dark) })
        {
            await using var visitor = await chromium.VisitAsync(server.Address, width, colours);
            var page = visitor.Page;
            await visitor.SignInAsync(server.Email, server.Password);
            async Task Shot(string name, string url, bool full = true)
            {
                await page.GotoAsync(url);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{colours}.png".ToLowerInvariant()), FullPage = full });
                var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (overflow > 0) await File.AppendAllTextAsync(Path.Combine(folder, "overflow.txt"), $"{name} {width}: {overflow}\n");
            }
            await Shot("failures", "/admin/failures?state=all");
            await Shot("failures-none", "/admin/failures?q=nothing");
            await Shot("group", $"/admin/failures/{fingerprint}");
            await Shot("requeue", $"/admin/failures/requeue?fingerprint={fingerprint}");
            await Shot("discard", $"/admin/failures/discard?fingerprint={fingerprint}");
            await Shot("messages", "/admin/messages");
            await Shot("messages-none", "/admin/messages?q=nobody-there");
            await Shot("message-failed", $"/admin/messages/{ids[0]}");
            await Shot("message-suppressed", $"/admin/messages/{quiet}");
            await page.GotoAsync($"/admin/messages/{wait}");
            if (await page.GetByRole(AriaRole.Button, new() { Name = "Show what it said" }).CountAsync() > 0) await page.GetByRole(AriaRole.Button, new() { Name = "Show what it said" }).ClickAsync();
            await Shot("message-mail", $"/admin/messages/{wait}");
            await page.GotoAsync($"/admin/messages/{ids[0]}");
            if (await page.GetByRole(AriaRole.Button, new() { Name = "Show what it said" }).CountAsync() > 0) await page.GetByRole(AriaRole.Button, new() { Name = "Show what it said" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Requeue…" }).ClickAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"message-dialog-{width}-{colours}.png".ToLowerInvariant()) });
            if (width == 1440 && colours == ColorScheme.Light)
            {
                await page.GotoAsync($"/admin/failures/requeue?ids={ids[1]}&ids={ids[2]}");
                await page.GetByLabel("Why").FillAsync("The quota was raised");
                await page.GetByRole(AriaRole.Button, new() { Name = "Requeue 2 messages" }).ClickAsync();
                await page.WaitForURLAsync("**/operations/**");
                await page.WaitForTimeoutAsync(3000);
            }
            await Shot("operations", "/admin/operations");
            await page.Locator(".row-link").First.ClickAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"operation-{width}-{colours}.png".ToLowerInvariant()), FullPage = true });
            await File.AppendAllLinesAsync(Path.Combine(folder, "complaints.txt"), visitor.Complaints);
        }
    }
}
