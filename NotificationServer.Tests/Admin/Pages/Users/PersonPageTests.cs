using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.Users;

public sealed class PersonPageTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task A_block_is_seen_by_the_next_send_and_lifting_it_too()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("p-block");
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        Assert.Contains("Can be reached by e-mail.", await marketer.ReadAsync("/admin/users/p-block"), StringComparison.Ordinal);

        var refused = await marketer.AfterAsync(await marketer.PostAsync("/admin/users/p-block?handler=Block", ("reason", " ")));
        Assert.Contains("Nobody was blocked: say why", refused, StringComparison.Ordinal);
        Assert.Null((await service.MailAsync("p-block")).Reason);

        var page = await marketer.AfterAsync(await marketer.PostAsync("/admin/users/p-block?handler=Block", ("reason", "asked by phone"), ("until", "")));
        Assert.Contains("p-block is blocked", page, StringComparison.Ordinal);
        Assert.Contains("asked by phone", page, StringComparison.Ordinal);
        Assert.Equal(("suppressed", "blocked"), await service.MailAsync("p-block"));
        Assert.Contains("blocked", await marketer.ReadAsync("/admin/users/p-block?tab=messages"), StringComparison.Ordinal);
        Assert.Equal(("user.block", "asked by phone"), ((await server.LastAuditAsync("user:p-block")).Action, (await server.LastAuditAsync("user:p-block")).Reason));

        await marketer.PostAsync("/admin/users/p-block?handler=Unblock", ("reason", "sorted out"));
        Assert.Null((await service.MailAsync("p-block")).Reason);
        var lifted = await server.LastAuditAsync("user:p-block");
        Assert.Equal(("user.unblock", "sorted out"), (lifted.Action, lifted.Reason));
        Assert.Contains("asked by phone", lifted.Before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_is_changed_unless_somebody_was_faster_and_mistakes_are_told_beside_the_field()
    {
        using var service = await server.ServiceAsync();
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        const string form = "/admin/users/p-edit/edit";
        Assert.Contains("p-edit is known now.", await marketer.AfterAsync(await marketer.PostAsync("/admin/new-user", ("NewId", "p-edit"), ("Form.Email", "Ada@Example.org"))), StringComparison.Ordinal);

        var wrong = await (await marketer.PostAsync(form, ("Form.Version", "1"), ("Form.Email", "nonsense"), ("Form.Phone", "12"), ("Form.Attributes", "{"), ("Form.Locale", "de"))).Content.ReadAsStringAsync();
        Assert.Contains("Use one address like", wrong, StringComparison.Ordinal);
        Assert.Contains("This is not JSON", wrong, StringComparison.Ordinal);
        Assert.Contains("value=\"nonsense\"", wrong, StringComparison.Ordinal);

        await marketer.PostAsync(form, ("Form.Version", "1"), ("Form.Email", "ada@example.org"), ("Form.Phone", "+41 79 123 45 67"), ("Form.Tags", "vip, beta"), ("Form.Attributes", """{"first_name":"Ada"}"""));
        var user = await service.JsonAsync("GET /v1/users/p-edit");
        Assert.Equal(("+41791234567", "Ada", 2), (user.GetProperty("phone").GetString(), user.GetProperty("attributes").GetProperty("first_name").GetString(), user.GetProperty("version").GetInt32()));

        var late = await (await marketer.PostAsync(form, ("Form.Version", "1"), ("Form.Locale", "fr"))).Content.ReadAsStringAsync();
        Assert.Contains("somebody made version 2", late, StringComparison.Ordinal);
        var audit = await server.LastAuditAsync("user:p-edit");
        Assert.Equal("user.change", audit.Action);
        Assert.Contains("+41…67", audit.After, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567", audit.After + audit.Before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_is_written_down_with_its_reason_and_proven()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("p-choice");
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        const string cell = "/admin/users/p-choice/choice?channel=email&category=offers";
        Assert.Contains("It is sent: nobody was asked: sent by default.", await marketer.ReadAsync(cell), StringComparison.Ordinal);
        Assert.Contains("There is no choice here", await marketer.ReadAsync("/admin/users/p-choice/choice?channel=sms&category=security"), StringComparison.Ordinal);

        var without = await (await marketer.PostAsync(cell, ("OptIn", "false"))).Content.ReadAsStringAsync();
        Assert.Contains("Say why, on one line", without, StringComparison.Ordinal);
        var page = await marketer.AfterAsync(await marketer.PostAsync(cell, ("OptIn", "false"), ("Reason", "wrote to support")));
        Assert.Contains("Offers and news on E-mail: no.", page, StringComparison.Ordinal);

        var consent = (await service.JsonAsync("GET /v1/users/p-choice/consents")).GetProperty("data")[0];
        Assert.Equal(("admin", false), (consent.GetProperty("source").GetString(), consent.GetProperty("opt_in").GetBoolean()));
        Assert.StartsWith("staff:", consent.GetProperty("actor").GetString(), StringComparison.Ordinal);
        Assert.Equal("wrote to support", (await server.LastAuditAsync("user:p-choice")).Reason);
        Assert.Contains("all of them fit", await marketer.ReadAsync("/admin/users/p-choice?tab=consents"), StringComparison.Ordinal);
        Assert.Contains("They said no to", await marketer.ReadAsync("/admin/users/p-choice?tab=reach&category=offers&channel=email"), StringComparison.Ordinal);

        await marketer.PostAsync(cell, ("OptIn", "true"), ("Reason", "wrote again"));
        Assert.Contains("Yes: “Offers and news” would be sent by E-mail", System.Net.WebUtility.HtmlDecode(await marketer.ReadAsync("/admin/users/p-choice?tab=reach&category=offers&channel=email")), StringComparison.Ordinal);

        await marketer.PostAsync("/admin/users/p-choice?handler=Quiet&tab=preferences", ("Quiet.From", "22:00"), ("Quiet.To", "07:00"), ("Quiet.Reason", "asked"));
        Assert.Equal("22:00", (await service.JsonAsync("GET /v1/users/p-choice/preferences")).GetProperty("quiet_hours").GetProperty("from").GetString());
    }

    [Fact]
    public async Task A_yes_by_mistake_is_taken_back_and_a_no_only_by_a_yes_that_says_why()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("p-undo");
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        const string cell = "/admin/users/p-undo/choice?channel=email&category=offers";

        var no = await marketer.AfterAsync(await marketer.PostAsync(cell, ("OptIn", "false"), ("Reason", "wrote to support")));
        Assert.DoesNotContain("> Undo<", no, StringComparison.Ordinal);
        var yes = await marketer.AfterAsync(await marketer.PostAsync(cell, ("OptIn", "true"), ("Reason", "wrote again")));

        Assert.Contains("Offers and news on E-mail: no.", await marketer.UndoAsync(yes), StringComparison.Ordinal);
        Assert.Contains("They said no to", await marketer.ReadAsync("/admin/users/p-undo?tab=reach&category=offers&channel=email"), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("S10")]
    public async Task Somebody_who_only_looks_sees_no_address_and_changes_nothing()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("p-mask", """{"email":"secret.person@example.org","phone":"+41791112233","attributes":{"first_name":"Grace"}}""");
        using var registered = await service.SendAsync("PUT /v1/users/p-mask/devices/phone1", """{"platform":"ios","push_provider":"apns","token":"aaaabbbbccccddddaaaabbbbccccddddaaaabbbbccccddddaaaabbbbccccdddd","app_id":"org.example"}""");
        Assert.True(registered.IsSuccessStatusCode);
        using var viewer = await server.ColleagueAsync(Roles.Viewer);
        Assert.Contains("Nobody like this", await viewer.ReadAsync("/admin/users?q=secret.p"), StringComparison.Ordinal); // or the address could be guessed

        foreach (var path in new[] { "/admin/users?q=secret.person@example.org", "/admin/users?q=phone1", "/admin/users/p-mask", "/admin/users/p-mask?tab=devices", "/admin/users/p-mask?tab=reach" })
        {
            var page = (await viewer.ReadAsync(path)).Replace("value=\"secret.person@example.org\"", "", StringComparison.Ordinal).Replace("secret.person%40example.org", "", StringComparison.Ordinal);
            Assert.Contains("p-mask", page, StringComparison.Ordinal);
            Assert.DoesNotContain("+41791112233", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Grace", page, StringComparison.Ordinal);
            Assert.DoesNotContain(">secret.person@", page, StringComparison.Ordinal);
            Assert.DoesNotContain("aaaabb", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Block…", page, StringComparison.Ordinal);
        }
        var refused = await viewer.PostAsync("/admin/users/p-mask?handler=Block", ("reason", "no"));
        Assert.Contains("/admin/denied", refused.Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
        Assert.Contains("/admin/denied", (await viewer.GetAsync("/admin/users/p-mask/edit")).Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
        Assert.Null((await service.MailAsync("p-mask")).Reason);
    }

    [Fact]
    public async Task An_administrator_exports_and_erases_a_person_by_typing_who_it_is()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("p-erase", """{"email":"gone@example.org"}""");
        await service.MailAsync("p-erase");
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        Assert.Contains("/admin/denied", (await marketer.GetAsync("/admin/users/p-erase/erase")).Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
        using var client = await server.SignedInAsync();

        Assert.Contains("own words of 1 message", await client.ReadAsync("/admin/users/p-erase/erase"), StringComparison.Ordinal);
        var export = await client.PostAsync("/admin/users/p-erase/erase?handler=Export");
        Assert.Contains("gone@example.org", await export.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("attachment", export.Content.Headers.ContentDisposition?.DispositionType);

        var other = await (await client.PostAsync("/admin/users/p-erase/erase", ("Typed", "p-eras"), ("Reason", "asked by mail"))).Content.ReadAsStringAsync();
        Assert.Contains("to say that you mean this person", other, StringComparison.Ordinal);
        await client.PostAsync("/admin/users/p-erase/erase", ("Typed", "p-erase"), ("Reason", "asked by mail"));
        await service.RefusesAsync("GET /v1/users/p-erase", null, 404, "not_found");
        Assert.Equal(404, (int)(await client.GetAsync("/admin/users/p-erase")).StatusCode);
    }

    [Fact]
    public async Task People_are_found_by_what_somebody_has_in_hand()
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync("find-me", """{"email":"Fin.Der@example.org","phone":"+41791234500","country":"CH","locale":"de-CH","tags":["rare"]}""");
        await service.GivenAsync("find-other", """{"email":"other@example.org","country":"DE"}""");
        using var client = await server.SignedInAsync();

        foreach (var query in new[] { "q=find-m", "q=fin.der%40", "q=%2B41%2079%20123%2045%2000", "country=ch&tag=rare", "locale=de&tag=rare" })
        {
            var page = await client.ReadAsync($"/admin/users?{query}");
            Assert.Contains("/admin/users/find-me\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain("/admin/users/find-other\"", page, StringComparison.Ordinal);
        }
        Assert.Contains("Nobody like this", await client.ReadAsync("/admin/users?q=no%5B%25_one"), StringComparison.Ordinal);
        var all = await client.ReadAsync("/admin/users");
        Assert.True(all.IndexOf("find-other", StringComparison.Ordinal) < all.IndexOf("find-me", StringComparison.Ordinal));
    }
}
