using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity.Sessions;

public sealed class SessionTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    [Bar("S18", "B56")]
    public async Task Signing_in_makes_a_new_session_whatever_the_browser_brought_along()
    {
        await server.AddAsync("mia@example.org", Roles.Viewer);
        await server.AddAsync("ned@example.org", Roles.Operator);
        using var browser = server.Client();
        var planted = CookieOf(await browser.SignInAsync("mia@example.org", Colleagues.Password));
        var own = CookieOf(await browser.SignInAsync("ned@example.org", Colleagues.Password));

        Assert.NotEqual(planted, own);
        Assert.Equal(HttpStatusCode.Found, await WithCookieAsync(planted)); // it did not become ned's, and it is over
        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync(own));
        Assert.Equal("ned@example.org", await server.AskAsync<string>("select string_agg(email, ' ') from staff_sessions s join staff on staff.id = s.user_id where email in ('mia@example.org', 'ned@example.org')"));
    }

    [Fact]
    [Bar("S18", "S34", "B56")]
    public async Task A_session_of_one_node_opens_every_other_and_ends_on_all()
    {
        await server.AddAsync("ola@example.org", Roles.Viewer);
        await using var node = server.AnotherNode("Development");
        using var ola = server.Client();
        var cookie = CookieOf(await ola.SignInAsync("ola@example.org", Colleagues.Password));
        var there = node.Listen();

        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync(cookie, there));
        await ola.PostAsync("/admin/sign-out");
        Assert.Equal(HttpStatusCode.Found, await WithCookieAsync(cookie, there));
    }

    [Fact]
    [Bar("S17")]
    public async Task Every_cookie_is_bound_to_the_host_secure_and_out_of_reach_of_scripts()
    {
        await server.AddAsync("pia@example.org", Roles.Marketer);
        await using var node = server.AnotherNode("Production");
        using var https = node.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false });
        var form = await https.GetStringAsync(new Uri("/admin/sign-in", UriKind.Relative));
        using var content = new FormUrlEncodedContent(
            [new("Email", "pia@example.org"), new("Password", Colleagues.Password), new("__RequestVerificationToken", AdminClient.TokenOn(form))]);
        var answer = await https.PostAsync(new Uri("/admin/sign-in", UriKind.Relative), content);

        Assert.Equal("/admin", answer.Headers.Location?.ToString());
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.StartsWith("__Host-ns-", cookie, StringComparison.Ordinal);
            Assert.Contains("; secure; samesite=", cookie, StringComparison.Ordinal);
            Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
            Assert.Contains("; path=/;", cookie, StringComparison.Ordinal);
        });
        var session = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Host-ns-session=", StringComparison.Ordinal));
        Assert.DoesNotContain("expires=", session, StringComparison.Ordinal); // gone with the browser
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("<script>alert(1)</script>", "Unknown browser")]
    [InlineData(null, "Unknown browser")]
    public void A_browser_is_named_as_its_person_knows_it(string? agent, string name) => Assert.Equal(name, Visit.Browser(agent));

    [Theory]
    [InlineData("192.0.2.66", "192.0.2.…")]
    [InlineData("::ffff:192.0.2.66", "192.0.2.…")]
    [InlineData("2001:db8:42:9::1", "2001:db8:42:…")]
    [InlineData("127.0.0.1", "this machine")]
    public void An_address_is_kept_masked(string address, string masked) => Assert.Equal(masked, Visit.Address(IPAddress.Parse(address)));

    private static string CookieOf(HttpResponseMessage signedIn) =>
        signedIn.Headers.GetValues("Set-Cookie").Last(c => c.StartsWith("ns-session=", StringComparison.Ordinal)).Split(';')[0];

    private async Task<HttpStatusCode> WithCookieAsync(string cookie, Uri? there = null)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = there ?? server.Address };
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        return (await http.GetAsync(new Uri("/admin", UriKind.Relative))).StatusCode;
    }
}
