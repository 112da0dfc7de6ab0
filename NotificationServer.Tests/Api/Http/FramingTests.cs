using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Http;

/// B19-B21, B23: what a proper client would not send.
[Bar("S11")]
public sealed class FramingTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Start = "PUT /v1/users/raw HTTP/1.1\r\n";
    private const string Json = "Content-Type: application/json\r\n";

    public static TheoryData<string, string, int> Ambiguous => new()
    {
        { "length and chunked", Start + "Host: x\r\n" + Json + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400 },
        { "two lengths", Start + "Host: x\r\n" + Json + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400 },
        { "two hosts", Start + "Host: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n", 400 },
        { "no host", Start + "Content-Length: 0\r\n\r\n", 400 },
        { "a blank in a name", Start + "Host: x\r\nX Y: 1\r\nContent-Length: 0\r\n\r\n", 400 },
        { "a header of 40 KB", Start + "Host: x\r\nX-Long: " + new string('a', 40_000) + "\r\n\r\n", 431 },
        { "200 headers", Start + "Host: x\r\n" + string.Concat(Enumerable.Range(0, 200).Select(n => $"X-{n}: 1\r\n")) + "\r\n", 431 },
        { "a URL of 9 KB", "GET /v1/users/" + new string('a', 9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414 },
    };

    [Theory, MemberData(nameof(Ambiguous))]
    [Bar("B19", "B20")]
    public async Task B19_B20_a_malformed_request_is_refused_and_the_connection_closed(string name, string request, int status)
    {
        var answer = await RawHttp.SendAsync(server.Address, request);

        Assert.True(status == RawHttp.Status(answer), $"{name}: {answer}");
        Assert.Contains("Connection: close", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("..\\..\\etc\\passwd")]
    [InlineData("%2e%2e")]
    [InlineData("%2e%2e%2f%2e%2e%2fetc")]
    [InlineData("%00")]
    [InlineData("%c0%ae")]
    [InlineData("a%0d%0ab")]
    [InlineData("%F0%9F%92%A9")]
    [InlineData("=1+1")]
    [Bar("B23")]
    public async Task B23_a_path_is_an_id_or_nothing(string id)
    {
        var answer = await RawHttp.SendAsync(
            server.Address, $"GET /v1/users/{id}/block HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {await server.KeyAsync()}\r\n\r\n");

        Assert.Contains(RawHttp.Status(answer), new[] { 400, 404 });
    }

    [Fact]
    [Bar("B21")]
    public async Task B21_slow_headers_and_slow_bodies_are_cut_off_and_nobody_else_notices()
    {
        await using var hasty = await ServerHost.StartAsync(Environments.Development,
            new Dictionary<string, string?> { ["Api:HeadersTimeout"] = "00:00:02", ["Api:BodyGrace"] = "00:00:02" }, server.Database);
        var key = await hasty.KeyAsync();

        var headers = RawHttp.DripAsync(hasty.Address, "GET /v1/users/x HTTP/1.1\r\nHost: x\r\nX-Slow: ", TimeSpan.FromMilliseconds(300));
        var body = RawHttp.DripAsync(hasty.Address,
            $"PUT /v1/users/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n{Json}Content-Length: 1000\r\n\r\n", TimeSpan.FromMilliseconds(100));
        await hasty.Client.JsonAsync("GET /v1/categories");

        Assert.Equal(408, RawHttp.Status(await headers));
        Assert.Equal(408, RawHttp.Status(await body));
    }
}
