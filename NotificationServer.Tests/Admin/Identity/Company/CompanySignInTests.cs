using NotificationServer.Admin.Identity;

namespace NotificationServer.Tests.Admin.Identity.Company;

public sealed class CompanySignInTests(AdminServer server, CompanyProvider provider) : IClassFixture<AdminServer>, IClassFixture<CompanyProvider>, IAsyncLifetime
{
    private AdminServer.Host node = null!;               // xunit calls InitializeAsync before any test

    public Task InitializeAsync()
    {
        provider.Lie = null;
        node = server.AnotherNode("Development",
            ("Admin:OpenIdConnect:Authority", provider.Address.ToString()), ("Admin:OpenIdConnect:ClientId", CompanyProvider.ClientId),
            ("Admin:OpenIdConnect:ClientSecret", CompanyProvider.Secret), ("Admin:OpenIdConnect:DisplayName", "Example AG"),
            ("Admin:OpenIdConnect:RoleClaim", "groups"),
            ("Admin:OpenIdConnect:Grants:0:Email", "@example.org"), ("Admin:OpenIdConnect:Grants:0:Role", "Viewer"),
            ("Admin:OpenIdConnect:Grants:1:Claim", "on-call"), ("Admin:OpenIdConnect:Grants:1:Role", "Operator"),
            ("Admin:RequireSecondFactor", "everyone"));
        node.Listen();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Who_the_company_vouches_for_is_in_with_the_role_that_was_granted_and_needs_no_other_second_factor()
    {
        using var browser = Browser();
        Assert.Contains("Sign in with Example AG", await browser.ReadAsync("/admin/sign-in"), StringComparison.Ordinal);

        Assert.Equal("/admin/templates", await SignInAsync(browser, "s-1", "uma@example.org", returnUrl: "/admin/templates"));
        Assert.Null(await browser.LeadsToAsync("/admin/templates"));
        Assert.Contains("You are a viewer", await browser.ReadAsync("/admin/me"), StringComparison.Ordinal);

        // The subject is who they are: the address may change.
        Assert.Equal("/admin", await SignInAsync(Browser(), "s-1", "uma.married@example.org"));
        Assert.Equal(1, await server.AskAsync<int>("select count(*) from staff where email like 'uma%'"));
        Assert.Contains("server staff.join", await server.AuditOfAsync("uma@example.org"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key"), InlineData("signature"), InlineData("nonce"), InlineData("audience"), InlineData("issuer"), InlineData("expiry")]
    public async Task A_token_that_is_not_quite_right_opens_nothing(string lie)
    {
        provider.Lie = lie;
        using var browser = Browser();
        Assert.Equal("/admin/sign-in?problem=company", await SignInAsync(browser, $"s-{lie}", $"{lie}@example.org"));
        Assert.Contains("Signing in with Example AG did not work.", await browser.ReadAsync("/admin/sign-in?problem=company"), StringComparison.Ordinal);
        Assert.NotNull(await browser.LeadsToAsync("/admin"));
        Assert.Equal(0, await server.AskAsync<int>("select count(*) from staff where email = @email", new { email = $"{lie}@example.org" }));
    }

    [Fact]
    public async Task An_answer_is_good_only_in_the_browser_that_asked()
    {
        using var asker = Browser();
        using var other = Browser();
        Assert.Equal("/admin/sign-in?problem=company", await other.LeadsToAsync(await AnswerAsync(asker, "s-2", "vic@example.org", verified: true)));
        Assert.NotNull(await other.LeadsToAsync("/admin"));
    }

    [Fact]
    public async Task Nobody_comes_in_without_a_grant()
    {
        Assert.Equal("/admin/sign-in?problem=not-invited", await SignInAsync(Browser(), "s-3", "wil@elsewhere.example"));
        Assert.Equal("/admin/sign-in?problem=not-invited", await SignInAsync(Browser(), "s-4", "eve@evil-example.org"));
        Assert.Equal("/admin/sign-in?problem=not-invited", await SignInAsync(Browser(), "s-5", "xia@example.org", verified: false));
        Assert.Equal("/admin", await SignInAsync(Browser(), "s-6", "yan@elsewhere.example", groups: ["on-call", "everybody"]));
    }

    [Fact]
    public async Task An_account_is_taken_over_only_by_an_address_that_the_provider_vouches_for()
    {
        await server.AddAsync("zoe@example.org", Roles.Marketer);
        Assert.Equal("/admin/sign-in?problem=not-verified", await SignInAsync(Browser(), "s-7", "zoe@example.org", verified: false, groups: ["on-call"]));

        using var browser = Browser();
        Assert.Equal("/admin", await SignInAsync(browser, "s-8", "zoe@example.org"));
        Assert.Contains("You are a marketer", await browser.ReadAsync("/admin/me"), StringComparison.Ordinal);
        Assert.Contains("server staff.link", await server.AuditOfAsync("zoe@example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_follow_the_company_at_each_sign_in_and_the_disabled_stay_out()
    {
        using var browser = Browser();
        Assert.Equal("/admin", await SignInAsync(browser, "s-9", "abe@elsewhere.example", groups: ["on-call"]));
        Assert.Equal("/admin", await SignInAsync(browser, "s-9", "abe@example.org"));
        Assert.Contains("You are a viewer", await browser.ReadAsync("/admin/me"), StringComparison.Ordinal);
        Assert.Equal("/admin/sign-in?problem=not-invited", await SignInAsync(Browser(), "s-9", "abe@elsewhere.example"));

        await server.AskAsync<int>("update staff set lockout_end = '9999-01-01' where email = 'abe@elsewhere.example'");
        Assert.Equal("/admin/sign-in?problem=disabled", await SignInAsync(Browser(), "s-9", "abe@example.org"));
    }

    [Fact]
    public async Task Without_the_option_there_is_no_such_door()
    {
        using var client = server.Client();
        Assert.Equal(404, (int)(await client.GetAsync("/admin/sign-in/company")).StatusCode);
        Assert.Equal(404, (int)(await client.GetAsync("/admin/sign-in/company?handler=Back")).StatusCode);
        Assert.DoesNotContain("Sign in with", await client.ReadAsync("/admin/sign-in"), StringComparison.Ordinal);
    }

    private AdminClient Browser() => new(node.ClientOptions.BaseAddress);

    /// To the provider, back with its answer, and where that leads in the end.
    private async Task<string?> SignInAsync(AdminClient browser, string subject, string email, bool verified = true, string[]? groups = null, string? returnUrl = null)
    {
        var place = await browser.LeadsToAsync(await AnswerAsync(browser, subject, email, verified, groups, returnUrl));
        return place?.StartsWith("/admin/sign-in/company", StringComparison.Ordinal) == true ? await browser.LeadsToAsync(place) : place;
    }

    private async Task<string> AnswerAsync(AdminClient browser, string subject, string email, bool verified, string[]? groups = null, string? returnUrl = null)
    {
        provider.Says = new Dictionary<string, object> { ["sub"] = subject, ["email"] = email, ["email_verified"] = verified, ["groups"] = groups ?? [] };
        var there = await browser.LeadsToAsync($"/admin/sign-in/company?returnUrl={returnUrl}");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        return (await http.GetAsync(new Uri(there!))).Headers.Location!.PathAndQuery; // the challenge leads to the provider, and that back
    }
}
