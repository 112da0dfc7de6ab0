using System.Net;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api;

public sealed class FoundationTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task An_unknown_address_is_a_problem_in_the_promised_shape()
    {
        using var response = await server.Client.GetAsync(new Uri("/v1/nothing", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"code\":\"not_found\"", text, StringComparison.Ordinal);
        Assert.True(response.Headers.Contains("X-Request-Id"));
        Assert.False(response.Headers.Contains("Server"));
    }
}
