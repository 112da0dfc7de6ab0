using System.Net;
using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

/// Outside Development the admin app answers https only, which makes what a forwarded header is worth visible.
[Bar("S25")]
public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("192.0.2.1", HttpStatusCode.BadRequest)]
    public async Task Only_a_listed_proxy_is_believed_that_its_caller_used_https(string trusted, HttpStatusCode expected)
    {
        await using var server = await ServerHost.StartAsync(Environments.Production, new Dictionary<string, string?> { ["Proxies:Trusted:0"] = trusted });

        Assert.Equal(expected, await SignInPageAsync(server));
    }

    [Fact]
    public async Task Nobody_is_believed_unless_listed()
    {
        await using var server = await ServerHost.StartAsync(Environments.Production);

        Assert.Equal(HttpStatusCode.BadRequest, await SignInPageAsync(server));
    }

    private static async Task<HttpStatusCode> SignInPageAsync(ServerHost server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/sign-in");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var response = await server.ClientFor(null).SendAsync(request);
        return response.StatusCode;
    }
}
