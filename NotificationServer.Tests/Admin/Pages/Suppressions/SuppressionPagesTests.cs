using System.Text.RegularExpressions;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Pages.Users;

namespace NotificationServer.Tests.Admin.Pages.Suppressions;

public sealed class SuppressionPagesTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Addresses_are_suppressed_by_a_list_and_lifted_by_who_knows_what_may_happen()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("s-owner", """{"email":"dead@example.org"}""");
        Assert.Null((await service.MailAsync("s-owner")).Reason);
        using var marketer = await server.ColleagueAsync(Roles.Marketer);

        var mistaken = await (await marketer.PostAsync("/admin/suppressions/new", ("Addresses", "dead@example.org\nnonsense"), ("Channel", "email"), ("Why", "hard_bounce"), ("Note", "old system"), ("sure", "true"))).Content.ReadAsStringAsync();
        Assert.Contains("line 2 (nonsense)", mistaken, StringComparison.Ordinal);
        await marketer.PostAsync("/admin/suppressions/new", ("Addresses", "dead@example.org\nalso@example.org"), ("Channel", "email"), ("Why", "hard_bounce"), ("Note", "old system"), ("sure", "true"));
        Assert.Equal(("suppressed", "suppressed_address"), await service.MailAsync("s-owner"));

        var found = await marketer.ReadAsync("/admin/suppressions?q=DEAD%40");
        var item = Regex.Match(found, "/admin/suppressions/[0-9]+").Value;
        var page = await marketer.ReadAsync(item);
        Assert.Contains("the next message bounces again", page, StringComparison.Ordinal);
        Assert.Contains("/admin/users/s-owner", page, StringComparison.Ordinal);
        Assert.Contains("What went there last", page, StringComparison.Ordinal);

        var unaware = await (await marketer.PostAsync(item, ("Reason", "works again"))).Content.ReadAsStringAsync();
        Assert.Contains("Say that you know what may happen.", unaware, StringComparison.Ordinal);
        var lifted = await marketer.AfterAsync(await marketer.PostAsync(item, ("Reason", "works again"), ("Understood", "true")));
        Assert.Null((await service.MailAsync("s-owner")).Reason);
        var audit = await server.LastAuditAsync("address:d…@example.org");
        Assert.Equal(("address.release", "works again"), (audit.Action, audit.Reason));

        Assert.Contains("is suppressed again", await marketer.UndoAsync(lifted), StringComparison.Ordinal);
        Assert.Contains("was suppressed anew meanwhile, and stays so", await marketer.UndoAsync(lifted), StringComparison.Ordinal);
        Assert.Equal(("suppressed", "suppressed_address"), await service.MailAsync("s-owner"));

        using var viewer = await server.ColleagueAsync(Roles.Viewer);
        var masked = await viewer.ReadAsync("/admin/suppressions?why=hard_bounce");
        Assert.Contains("a…@example.org", System.Net.WebUtility.HtmlDecode(masked), StringComparison.Ordinal);
        Assert.DoesNotContain("also@example.org", masked, StringComparison.Ordinal);
    }
}
