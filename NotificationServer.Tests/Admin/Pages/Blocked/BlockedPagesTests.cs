using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Pages.Blocked;
using NotificationServer.Tests.Admin.Pages.Users;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Blocked;

public sealed class BlockedPagesTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task A_list_is_looked_at_first_then_blocked_as_a_whole_and_some_of_it_let_go()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("l-one", """{"email":"one@example.org"}""");
        await service.GivenAsync("l-two", """{"phone":"+41790000022"}""");
        await service.GivenAsync("l-three");
        await service.JsonAsync("PUT /v1/users/l-three/block", """{"reason":"before"}""");
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        const string list = "user_id\r\nl-three,x\r\nONE@example.org\r\n+41 79 000 00 22\r\nl-new\r\nnobody@example.org\r\nl-new\r\n";

        var mistaken = await (await marketer.PostAsync("/admin/blocked/new", ("Who", list + "a b c"), ("Reason", "fraud"), ("sure", "true"))).Content.ReadAsStringAsync();
        Assert.Contains("Mend this first, all is done or nothing: line 8 (a b c)", mistaken, StringComparison.Ordinal);
        var preview = await (await marketer.PostAsync("/admin/blocked/new", ("Who", list), ("Reason", "fraud"), ("sure", "false"))).Content.ReadAsStringAsync();
        Assert.Contains("3 new people would be blocked.", preview, StringComparison.Ordinal);
        Assert.Contains("1 of them are not known here otherwise", preview, StringComparison.Ordinal);
        Assert.Contains("1 are blocked already", preview, StringComparison.Ordinal);
        Assert.Contains("Nobody has line 6", preview, StringComparison.Ordinal);
        await service.RefusesAsync("GET /v1/users/l-one/block", null, 404, "not_found");

        Assert.Contains("3 people are blocked", await marketer.AfterAsync(await marketer.PostAsync("/admin/blocked/new", ("Who", list), ("Reason", "fraud"), ("sure", "true"))), StringComparison.Ordinal);
        Assert.Equal(("suppressed", "blocked"), await service.MailAsync("l-one"));
        Assert.Equal("before", (await service.JsonAsync("GET /v1/users/l-three/block")).GetProperty("reason").GetString());
        Assert.Equal(("user.block", "fraud"), ((await server.LastAuditAsync("user:l-new")).Action, (await server.LastAuditAsync("user:l-new")).Reason));
        Assert.Contains("l-two", await marketer.ReadAsync("/admin/blocked?q=%2B41790000022"), StringComparison.Ordinal);

        var asked = await (await marketer.PostAsync("/admin/blocked", ("Chosen", "l-one"), ("Chosen", "l-new"))).Content.ReadAsStringAsync();
        Assert.Contains("Unblock 2 people?", asked, StringComparison.Ordinal);
        Assert.Equal(("suppressed", "blocked"), await service.MailAsync("l-one"));
        await marketer.PostAsync("/admin/blocked", ("Chosen", "l-one"), ("Chosen", "l-new"), ("sure", "true"), ("Reason", "mistake"));
        Assert.Null((await service.MailAsync("l-one")).Reason);
        Assert.Equal(("user.unblock", "mistake"), ((await server.LastAuditAsync("user:l-new")).Action, (await server.LastAuditAsync("user:l-new")).Reason));
    }

    [Fact]
    public void A_pasted_list_is_the_first_column_of_whatever_it_was()
    {
        var list = PastedList.Of("\uFEFFEmail;name\n\"a@example.org\",\"Ann, A.\"\n\n b@example.org\t1\nb@example.org\n");

        Assert.Equal(["a@example.org", "b@example.org"], list.Lines.Select(line => line.Text));
        Assert.Equal([2, 4], list.Lines.Select(line => line.Number));
        Assert.True(PastedList.Of(string.Join('\n', Enumerable.Range(0, PastedList.MostLines + 1))).TooLong);
    }
}
