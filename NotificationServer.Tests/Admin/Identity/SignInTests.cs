using System.Buffers.Binary;
using System.Net;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.Sessions;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity;

public sealed class SignInTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task A_stranger_is_sent_to_the_sign_in_page_and_from_there_to_where_they_wanted_to_go()
    {
        using var client = server.Client();

        var refused = await client.GetAsync("/admin/inbox?channel=sms");
        Assert.Equal("/admin/sign-in?returnUrl=%2Fadmin%2Finbox%3Fchannel%3Dsms", refused.Headers.Location?.ToString());

        var signedIn = await client.SignInAsync(server.Email, server.Password, "/admin/inbox?channel=sms");
        Assert.Equal("/admin/inbox?channel=sms", signedIn.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/admin/inbox?channel=sms")).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [Bar("S33", "B59")]
    public async Task A_return_address_elsewhere_is_ignored(string elsewhere)
    {
        using var client = server.Client();
        var signedIn = await client.SignInAsync(server.Email, server.Password, elsewhere);
        Assert.Equal("/admin", signedIn.Headers.Location?.ToString());
    }

    [Fact]
    [Bar("S16")]
    public async Task A_wrong_password_and_an_unknown_address_are_answered_alike()
    {
        using var client = server.Client();

        var wrong = await client.SignInAsync(server.Email, "not this one, surely");
        var unknown = await client.SignInAsync("nobody@example.org", "not this one, surely");

        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        Assert.Contains("The address or the password is not right.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("The address or the password is not right.", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await client.GetAsync("/admin")).StatusCode);
    }

    [Fact]
    [Bar("S18", "B56")]
    public async Task Signing_out_ends_the_session_also_for_a_copied_cookie()
    {
        using var client = server.Client();
        var signedIn = await client.SignInAsync(server.Email, server.Password);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("ns-session=", StringComparison.Ordinal)).Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync(cookie));

        var signedOut = await client.PostAsync("/admin/sign-out");

        Assert.Equal("/admin/sign-in", signedOut.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Found, await WithCookieAsync(cookie));
    }

    [Theory]
    [InlineData("update staff_sessions set expires_at = now() - interval '1 second'")]
    [InlineData("update staff_sessions set created_at = now() - interval '12 hours 1 second'")]
    [Bar("S18", "B56")]
    public async Task A_session_ends_when_it_was_idle_or_alive_for_too_long(string timePasses)
    {
        using var client = await server.SignedInAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/admin")).StatusCode);

        await using var connection = await server.Db.OpenConnectionAsync();
        await connection.ExecuteAsync(timePasses);

        Assert.Equal(HttpStatusCode.Found, (await client.GetAsync("/admin")).StatusCode);
    }

    [Fact]
    [Bar("S19", "B56")]
    public async Task A_person_whose_security_stamp_changed_is_out_at_the_next_check()
    {
        using var client = await server.SignedInAsync();
        await using var scope = server.Services.CreateAsyncScope();
        var staff = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
        await staff.UpdateSecurityStampAsync((await staff.FindByEmailAsync(server.Email))!); // made at the start

        Assert.Equal(HttpStatusCode.Found, (await client.GetAsync("/admin")).StatusCode);
    }

    [Fact]
    [Bar("S15")]
    public async Task A_stored_password_costs_a_guesser_220_000_rounds_of_SHA_512_for_each_try()
    {
        await using var node = server.AnotherNode("Development", ("Admin:PasswordIterations", $"{new AdminOptions().PasswordIterations}"));
        await using var scope = node.Services.CreateAsyncScope();
        var stored = Convert.FromBase64String(scope.ServiceProvider.GetRequiredService<IPasswordHasher<StaffMember>>().HashPassword(new StaffMember(), "any"));
        Assert.Equal(2, BinaryPrimitives.ReadInt32BigEndian(stored.AsSpan(1))); // of KeyDerivationPrf: HMACSHA512
        Assert.True(BinaryPrimitives.ReadInt32BigEndian(stored.AsSpan(5)) >= 220_000);
    }

    [Fact]
    public async Task A_page_that_refreshes_itself_is_told_that_the_session_is_over_instead_of_being_sent_a_form()
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/inbox?handler=List");
        request.Headers.Add(SessionCookie.BackgroundHeader, "1");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(request)).StatusCode);
    }

    private async Task<HttpStatusCode> WithCookieAsync(string cookie)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        return (await http.GetAsync(new Uri("/admin", UriKind.Relative))).StatusCode;
    }
}
