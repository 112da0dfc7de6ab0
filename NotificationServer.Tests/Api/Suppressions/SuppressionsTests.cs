using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Suppressions;

public sealed class SuppressionsTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task An_address_is_suppressed_in_the_form_in_which_it_is_compared_and_let_go_again()
    {
        var stored = await server.Client.JsonAsync("POST /v1/suppressions", """{"channel":"email","address":"s1@EXAMPLE.com"}""");
        Assert.Equal(("s1@example.com", "manual"), (stored.GetProperty("address").GetString(), stored.GetProperty("reason").GetString()));

        Assert.Single((await server.Client.JsonAsync("GET /v1/suppressions?address=s1@example.com")).GetProperty("data").EnumerateArray());
        using var gone = await server.Client.SendAsync("DELETE /v1/suppressions?channel=email&address=s1@EXAMPLE.com");
        Assert.Equal(204, (int)gone.StatusCode);
        await server.Client.RefusesAsync("DELETE /v1/suppressions?channel=email&address=s1@EXAMPLE.com", null, 404, "not_found");
        await server.Client.RefusesAsync("DELETE /v1/suppressions?channel=email", null, 400, "invalid_parameter");
    }

    [Theory]
    [InlineData("%25")]
    [InlineData("_")]
    [InlineData("'%20OR%201=1--")]
    [InlineData("s2@example.co_")]
    [Bar("B60")]
    public async Task B60_a_search_is_literal(string text)
    {
        await server.Client.JsonAsync("POST /v1/suppressions", """{"channel":"email","address":"s2@example.com"}""");

        Assert.Empty((await server.Client.JsonAsync($"GET /v1/suppressions?address={text}")).GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"channel":"pigeon","address":"a@example.com"}""", "/channel")]
    [InlineData("""{"channel":"sms","address":"a@example.com"}""", "/address")]
    [InlineData("""{"channel":"email","address":"+41791234567"}""", "/address")]
    [InlineData("""{"channel":"email","address":"a@example.com","reason":"dislike"}""", "/reason")]
    public async Task What_is_no_address_of_the_channel_is_refused(string json, string field)
    {
        using var response = await server.Client.SendAsync("POST /v1/suppressions", json);

        await ProblemAssert.IsAsync(response, 422, "validation_failed");
        Assert.Equal(field, await ProblemAssert.PointerAsync(response));
    }

    [Fact]
    [Bar("B11")]
    public async Task B11_a_NUL_in_a_search_is_refused() =>
        await server.Client.RefusesAsync("GET /v1/suppressions?address=a%00b", null, 400, "invalid_parameter");
}
