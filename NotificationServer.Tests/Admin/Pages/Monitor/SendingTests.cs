using System.Net;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Monitor;

/// A restored database, as people see it and decide on it.
public sealed class SendingTests(MonitorServer server) : IClassFixture<MonitorServer>
{
    [Fact]
    public async Task What_is_held_is_told_on_every_page_and_goes_on_when_an_operator_has_decided_with_a_reason()
    {
        await server.GivenWaitingAsync("sms", 3, TimeSpan.FromMinutes(1));
        await server.ExecuteAsync("""
            update instance
            set held_at = now(), held_by = 'sender-1', doubt = 'older', copy_at = now() - interval '5 minutes', epoch_seen = 7,
                evidence = '{"remembered_at":"2026-11-23T08:00:00Z","lost_seconds":300}'
            """);

        using var client = await server.SignedInAsync();
        var page = WebUtility.HtmlDecode(await client.ReadAsync("/admin/maintenance"));
        Assert.Contains("Nothing is being sent. The database is an older copy", page, StringComparison.Ordinal);
        Assert.Contains("5 min", page, StringComparison.Ordinal);
        Assert.Contains("Nothing is being sent.", WebUtility.HtmlDecode(await client.ReadAsync("/admin")), StringComparison.Ordinal);
        await Eventually.IsTrueAsync(async () => (await client.ReadAsync("/admin/templates")).Contains("Look and decide", StringComparison.Ordinal));

        using var viewer = await server.SignedInAsAsync(Roles.Viewer);
        Assert.DoesNotContain("Send everything", await viewer.ReadAsync("/admin/maintenance"), StringComparison.Ordinal);
        using var forbidden = await viewer.PostAsync("/admin/maintenance?handler=Confirm", ("queued", "send"), ("reason", "me"));
        Assert.NotEqual(200, (int)forbidden.StatusCode);
        Assert.Contains("Say why", await client.PostForTextAsync("/admin/maintenance?handler=Confirm", ("queued", "send"), ("reason", " ")), StringComparison.Ordinal);
        Assert.Contains("what becomes of what was queued", await client.PostForTextAsync("/admin/maintenance?handler=Confirm", ("queued", "burn"), ("reason", "x")), StringComparison.Ordinal);
        Assert.True(await server.ScalarAsync<bool>("select held_at is not null from instance"));

        using var decided = await client.PostAsync("/admin/maintenance?handler=Confirm", ("queued", "send"), ("reason", "It is the right one."));
        Assert.Equal(302, (int)decided.StatusCode);
        Assert.Equal(8, await server.ScalarAsync<int>("select epoch from instance where held_at is null"));
        Assert.Equal($"staff:{server.Email}", await server.ScalarAsync<string>("select actor from audit_log where action = 'sending.confirm' and reason = 'It is the right one.'"));
    }
}
