using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity.People;

public sealed class ForgottenPasswordTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Everybody_gets_the_same_answer_and_only_who_has_an_account_gets_a_mail()
    {
        await server.AddAsync("kay@example.org", Roles.Viewer);
        var gone = await server.AddAsync("gone@example.org", Roles.Viewer);
        await server.AskAsync<int>("update staff set lockout_end = now() + interval '1 year' where id = @gone", new { gone });
        using var client = server.Client();

        var answers = new List<string>();
        foreach (var email in new[] { "nobody@example.org", "gone@example.org", "kay@example.org", "kay@example.org" })
            answers.Add(WithoutToken(await client.PostForTextAsync("/admin/forgot", ("Email", email))));
        Assert.Single(answers.Distinct());
        Assert.Contains("If there is an account with this address", answers[0], StringComparison.Ordinal);

        // They are looked after one by one: when the last has its mail, the others had their chance.
        await server.AddAsync("last@example.org", Roles.Viewer);
        await client.PostAsync("/admin/forgot", ("Email", "last@example.org"));
        await Eventually.IsTrueAsync(async () => await server.AskAsync<int>("select count(*) from inbox where address = 'last@example.org'") == 1);
        Assert.Equal(1, await server.AskAsync<int>("select count(*) from inbox where address in ('kay@example.org', 'gone@example.org', 'nobody@example.org')")); // for kay, who asked twice

        var text = await server.AskAsync<string>("select text from inbox where address = 'kay@example.org'") ?? "";
        var link = text.Split('\n').Single(line => line.Contains("token=", StringComparison.Ordinal)).Trim();
        Assert.StartsWith(server.Address.ToString(), link, StringComparison.Ordinal);
        Assert.Equal("/admin/sign-in?done=reset", await client.PostForPlaceAsync(new Uri(link).PathAndQuery, ("Password", "nine loud geese depart")));
        Assert.Equal("/admin", (await client.SignInAsync("kay@example.org", "nine loud geese depart")).Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_mail_never_names_the_server_as_a_caller_does()
    {
        await server.AddAsync("liv@example.org", Roles.Viewer);
        using var client = server.Client();
        var page = await client.ReadAsync("/admin/forgot");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/forgot")
        {
            Content = new FormUrlEncodedContent([new("Email", "liv@example.org"), new("__RequestVerificationToken", AdminClient.TokenOn(page))]),
            Headers = { Host = "evil.example" },
        };
        await client.SendAsync(request);
        await Eventually.IsTrueAsync(async () => await server.AskAsync<int>("select count(*) from inbox where address = 'liv@example.org'") == 1);
        Assert.DoesNotContain("evil", await server.AskAsync<string>("select text from inbox where address = 'liv@example.org'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_is_too_old_after_an_hour()
    {
        var id = await server.AddAsync("max@example.org", Roles.Viewer);
        await server.AskAsync<int>("insert into staff_resets (user_id, digest, expires_at) values (@id, sha256('old'), now() - interval '1 second')", new { id });
        Assert.Contains("does not work any more", await server.Client().ReadAsync("/admin/reset?token=old"), StringComparison.Ordinal);
        await server.AskAsync<int>("update staff_resets set expires_at = now() + interval '1 hour'");
        Assert.DoesNotContain("does not work any more", await server.Client().ReadAsync("/admin/reset?token=old"), StringComparison.Ordinal);
    }

    private static string WithoutToken(string page) => System.Text.RegularExpressions.Regex.Replace(page, "nonce=\"[^\"]+\"|RequestVerificationToken\" type=\"hidden\" value=\"[^\"]+\"", "");
}
