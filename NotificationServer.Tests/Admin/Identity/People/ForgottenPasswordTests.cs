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
    public async Task Asking_on_and_on_writes_no_more_than_the_limit_and_is_answered_as_ever()
    {
        await server.AskAsync<int>("delete from sign_in_failures");
        await using var node = server.AnotherNode("Development", ("Admin:FailuresPerAddress", "8"));
        using var client = new AdminClient(node.Listen());

        var answers = new List<string>();
        for (var n = 0; n < 7; n++) answers.Add(WithoutToken(await client.PostForTextAsync("/admin/forgot", ("Email", "one@example.org"))));
        for (var n = 0; n < 7; n++) answers.Add(WithoutToken(await client.PostForTextAsync("/admin/forgot", ("Email", $"other{n}@example.org"))));

        Assert.Single(answers.Distinct());
        Assert.Equal("1,1,1,5", await server.AskAsync<string>("select string_agg(failures::text, ',' order by failures) from sign_in_failures"));
    }

    [Theory]
    [InlineData("/admin/reset")]
    [InlineData("/admin/invitation")]
    public async Task A_link_that_never_was_one_is_counted_until_it_is_refused_and_not_further(string page)
    {
        await server.AskAsync<int>("delete from sign_in_failures");
        using var client = server.Client();
        var answers = await client.PostAtOnceAsync(12, "/admin/sign-in", $"{page}?token=made-up", ("Password", "nine loud geese depart"));
        Assert.All(answers, answer => Assert.Contains("does not work any more", answer, StringComparison.Ordinal));
        Assert.Equal(5, await server.AskAsync<int>("select sum(failures) from sign_in_failures"));
        await server.AskAsync<int>("delete from sign_in_failures");
    }

    [Fact]
    public async Task Who_has_a_good_link_may_look_for_a_good_password_for_as_long_as_it_takes()
    {
        var id = await server.AddAsync("nia@example.org", Roles.Viewer);
        await server.AskAsync<int>("insert into staff_resets (user_id, digest, expires_at) values (@id, sha256('nia'), now() + interval '1 hour')", new { id });
        using var client = server.Client();
        for (var n = 0; n < 7; n++)
            Assert.Contains("at least 15", await client.PostForTextAsync("/admin/reset?token=nia", ("Password", "too short")), StringComparison.Ordinal);
        Assert.Equal("/admin/sign-in?done=reset", await client.PostForPlaceAsync("/admin/reset?token=nia", ("Password", "nine loud geese depart")));
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
