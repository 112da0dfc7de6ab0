using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Web;

public sealed class SecurityHeadersTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Theory]
    [InlineData("/admin", 302)]                          // a refusal by authentication
    [InlineData("/admin/sign-in", 200)]
    [InlineData("/admin/denied", 403)]
    [InlineData("/admin/no-such-page", 404)]
    [InlineData("/ADMIN/sign-in", 200)]
    [Bar("S21", "S23")]
    public async Task Every_answer_under_admin_carries_them(string path, int status)
    {
        using var client = server.Client();
        var answer = await client.GetAsync(path);

        Assert.Equal(status, (int)answer.StatusCode);
        var csp = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'nonce-", csp, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", csp, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", csp, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_page_that_does_not_exist_says_so_in_words()
    {
        using var client = server.Client();
        var answer = await client.GetAsync("/admin/no-such-page");
        Assert.Contains("This page does not exist", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("S21")]
    public async Task Each_page_has_a_nonce_of_its_own()
    {
        using var client = server.Client();
        var first = (await client.GetAsync("/admin/sign-in")).Headers.GetValues("Content-Security-Policy").Single();
        var second = (await client.GetAsync("/admin/sign-in")).Headers.GetValues("Content-Security-Policy").Single();
        Assert.NotEqual(first, second);
    }

    [Fact]
    [Bar("S17", "S22")]
    public async Task In_production_cookies_are_bound_to_the_host_and_https_is_remembered()
    {
        await using var node = server.AnotherNode("Production");
        using var https = node.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false });

        var answer = await https.GetAsync(new Uri("/admin/sign-in", UriKind.Relative));

        Assert.Equal("max-age=31536000; includeSubDomains", answer.Headers.GetValues("Strict-Transport-Security").Single());
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-ns-form=", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure; samesite=strict; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("--accent", await https.GetStringAsync(new Uri("/admin.css", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    [Bar("S24")]
    public async Task In_production_plain_http_is_refused_with_a_reason()
    {
        await using var node = server.AnotherNode("Production");
        using var http = node.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("http://localhost"), AllowAutoRedirect = false });

        var answer = await http.GetAsync(new Uri("/admin/sign-in", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("HTTPS only", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
