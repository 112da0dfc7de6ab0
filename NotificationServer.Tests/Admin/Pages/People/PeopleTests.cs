using System.Net;
using System.Text.RegularExpressions;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Admin.Identity;
using NotificationServer.Tests.Admin.Identity.SecondFactor;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages.People;

public sealed partial class PeopleTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Next = "nine loud geese depart";

    [Fact]
    public async Task An_invited_person_chooses_a_password_and_is_in_with_the_role_that_was_meant()
    {
        using var boss = await server.SignedInAsync();
        var link = await InviteAsync(boss, "ann@example.org", Roles.Marketer);
        Assert.Equal("You are invited", await server.AskAsync<string>("select subject from inbox where address = 'ann@example.org'"));
        Assert.Contains(link, await server.AskAsync<string>("select text from inbox where address = 'ann@example.org'") ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(link, await boss.ReadAsync("/admin/people"), StringComparison.Ordinal); // shown once

        using var ann = server.Client();
        Assert.Contains("as <strong>a marketer</strong>", await ann.ReadAsync(link), StringComparison.Ordinal);
        Assert.Contains("Guessers try this one early", await ann.PostForTextAsync(link, ("Password", "passwordpassword")), StringComparison.Ordinal);
        Assert.Equal("/admin", await ann.PostForPlaceAsync(link, ("Password", Colleagues.Password), ("FullName", "Ann Örsted")));
        Assert.Contains("Welcome, Ann Örsted.", WebUtility.HtmlDecode(await ann.ReadAsync("/admin")), StringComparison.Ordinal);
        Assert.StartsWith("/admin/denied", await ann.LeadsToAsync("/admin/people"), StringComparison.Ordinal);

        Assert.Contains("does not work any more", await server.Client().ReadAsync(link), StringComparison.Ordinal);
        Assert.Contains("staff.join", await server.AuditOfAsync("ann@example.org"), StringComparison.Ordinal);
        Assert.Contains("Ann Örsted", WebUtility.HtmlDecode(await boss.ReadAsync("/admin/people")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_ends_when_it_is_old_or_revoked_and_a_new_link_ends_the_former()
    {
        using var boss = await server.SignedInAsync();
        var first = await InviteAsync(boss, "ben@example.org", Roles.Viewer);
        Assert.Contains("has an account, or an invitation", await boss.PostForTextAsync("/admin/people/invite", ("Email", "ben@example.org"), ("Chosen", Roles.Administrator)), StringComparison.Ordinal);
        var id = await server.AskAsync<Guid>("select id from staff_invitations where email = 'ben@example.org'");

        Assert.Equal("/admin/people", await boss.PostForPlaceAsync("/admin/people?handler=Again", ("id", $"{id}")));
        var second = LinkOn(await boss.ReadAsync("/admin/people"));
        Assert.NotEqual(first, second);
        Assert.False(await WorksAsync(first));
        Assert.True(await WorksAsync(second));

        await server.AskAsync<int>("update staff_invitations set expires_at = now() - interval '1 second' where email = 'ben@example.org'");
        Assert.False(await WorksAsync(second));
        var third = await InviteAsync(boss, "ben@example.org", Roles.Viewer); // an old one is no hindrance
        id = await server.AskAsync<Guid>("select id from staff_invitations where email = 'ben@example.org'");
        await boss.PostAsync("/admin/people?handler=Revoke", ("id", $"{id}"));
        Assert.False(await WorksAsync(third));
        Assert.Equal(0, await server.AskAsync<int>("select count(*) from staff where email = 'ben@example.org'"));
    }

    [Fact]
    [Bar("S34")]
    public async Task Neither_the_database_nor_the_audit_log_holds_what_opens_a_door()
    {
        using var boss = await server.SignedInAsync();
        var token = (await InviteAsync(boss, "col@example.org", Roles.Viewer)).Split('=')[1];
        var id = await server.AddAsync("dee@example.org", Roles.Viewer);
        await boss.PostAsync($"/admin/people/{id}?handler=ResetLink");
        var reset = LinkOn(await boss.ReadAsync($"/admin/people/{id}")).Split('=')[1];

        foreach (var secret in new[] { token, reset, Colleagues.Password })
            foreach (var table in new[] { "staff", "staff_invitations", "staff_resets", "staff_tokens", "audit_log" })
                Assert.Equal(0, await server.AskAsync<int>($"select count(*) from {table} t where t::text like '%' || @secret || '%'", new { secret }));
    }

    [Fact]
    public async Task A_link_for_a_new_password_works_once_and_ends_every_session()
    {
        using var boss = await server.SignedInAsync();
        var id = await server.AddAsync("eli@example.org", Roles.Viewer);
        using var eli = await server.SignedInAsAsync("eli@example.org");
        await boss.PostAsync($"/admin/people/{id}?handler=ResetLink");
        var link = LinkOn(await boss.ReadAsync($"/admin/people/{id}"));

        using var mailbox = server.Client();
        Assert.Contains("at least 15", await mailbox.PostForTextAsync(link, ("Password", "too short")), StringComparison.Ordinal);
        Assert.Null(await eli.LeadsToAsync("/admin"));
        Assert.Equal("/admin/sign-in?done=reset", await mailbox.PostForPlaceAsync(link, ("Password", Next)));
        Assert.NotNull(await eli.LeadsToAsync("/admin"));
        Assert.Contains("does not work any more", await mailbox.ReadAsync(link), StringComparison.Ordinal);
        Assert.Equal("/admin", (await mailbox.SignInAsync("eli@example.org", Next)).Headers.Location?.ToString());
    }

    [Fact]
    [Bar("S19", "B56")]
    public async Task A_disabled_person_is_out_at_the_next_click_and_stays_out()
    {
        using var boss = await server.SignedInAsync();
        var id = await server.AddAsync("flo@example.org", Roles.Operator);
        using var flo = await server.SignedInAsAsync("flo@example.org");

        await boss.PostAsync($"/admin/people/{id}?handler=Disable", ("Reason", "left us"));
        Assert.NotNull(await flo.LeadsToAsync("/admin"));
        Assert.Equal(HttpStatusCode.OK, (await flo.SignInAsync("flo@example.org", Colleagues.Password)).StatusCode);
        Assert.Contains("left us", await server.AuditOfAsync("flo@example.org"), StringComparison.Ordinal);

        await boss.PostAsync($"/admin/people/{id}?handler=Enable");
        Assert.Equal("/admin", (await flo.SignInAsync("flo@example.org", Colleagues.Password)).Headers.Location?.ToString());
        await boss.PostAsync($"/admin/people/{id}?handler=EndSessions");
        Assert.NotNull(await flo.LeadsToAsync("/admin"));
    }

    [Fact]
    public async Task Another_role_opens_other_pages_at_the_next_check()
    {
        using var boss = await server.SignedInAsync();
        var id = await server.AddAsync("gus@example.org", Roles.Viewer);
        using var gus = await server.SignedInAsAsync("gus@example.org");
        Assert.NotNull(await gus.LeadsToAsync("/admin/people"));

        await boss.PostAsync($"/admin/people/{id}?handler=Roles", ("Chosen", Roles.Administrator), ("Chosen", Roles.Marketer));
        await gus.SignInAsync("gus@example.org", Colleagues.Password);
        Assert.Null(await gus.LeadsToAsync("/admin/people"));
        Assert.Contains("""staff.roles {"roles": ["Viewer"]} {"roles": ["Administrator", "Marketer"]}""", await server.AuditOfAsync("gus@example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_lost_the_telephone_is_helped_in_again()
    {
        using var boss = await server.SignedInAsync();
        using var hana = await server.HasAsync("hana@example.org", Roles.Operator);
        await Authenticator.EnrolAsync(hana);
        var id = await server.AskAsync<Guid>("select id from staff where email = 'hana@example.org'");

        await boss.PostAsync($"/admin/people/{id}?handler=ResetFactor");

        Assert.NotNull(await hana.LeadsToAsync("/admin"));
        using var again = await server.SignedInAsAsync("hana@example.org");
        Assert.Contains("staff.second_factor_reset", await server.AuditOfAsync("hana@example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_puts_themselves_out()
    {
        using var ira = await server.HasAsync("ira@example.org", Roles.Administrator);
        var id = await server.AskAsync<Guid>("select id from staff where email = 'ira@example.org'");
        await ira.PostAsync($"/admin/people/{id}?handler=Disable");
        Assert.Contains("You cannot disable yourself", await ira.ReadAsync($"/admin/people/{id}"), StringComparison.Ordinal);
    }

    private static async Task<string> InviteAsync(AdminClient boss, string email, string role)
    {
        Assert.Equal("/admin/people", await boss.PostForPlaceAsync("/admin/people/invite", ("Email", email), ("Chosen", role)));
        return LinkOn(await boss.ReadAsync("/admin/people"));
    }

    private async Task<bool> WorksAsync(string link) => !(await server.Client().ReadAsync(link)).Contains("does not work any more", StringComparison.Ordinal);

    /// Of this server, as a path.
    private static string LinkOn(string page) => Link().Match(page).Groups[1].Value;

    [GeneratedRegex("<code>http://[^/<]+(/admin/(?:invitation|reset)\\?token=[\\w-]+)</code>")]
    private static partial Regex Link();
}
