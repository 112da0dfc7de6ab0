using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Paging;

public sealed class PagingTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Theory]
    [InlineData("limit=-1")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=1000000000")]
    [InlineData("limit=99999999999999")]
    [InlineData("limit=abc")]
    [InlineData("limit=;drop")]
    [InlineData("cursor=abc")]
    [InlineData("cursor=")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [Bar("B24")]
    public async Task B24_what_is_no_page_is_refused(string query)
    {
        await server.Client.RefusesAsync($"GET /v1/categories?{query}", null, 400, "invalid_parameter");
    }

    [Theory]
    [InlineData("/v1/categories?limit=many", "query:limit")]
    [InlineData("/v1/segments?archived=perhaps", "query:archived")]
    [InlineData("/v1/suppressions?reveal=perhaps", "query:reveal")]
    public async Task What_cannot_be_read_is_named(string path, string where)
    {
        using var answer = await server.Client.GetAsync(path);

        await ProblemAssert.IsAsync(answer, 400, "invalid_parameter");
        Assert.Equal(where, await ProblemAssert.PointerAsync(answer));
    }

    [Fact]
    [Bar("B24")]
    public async Task B24_a_cursor_that_was_changed_or_belongs_to_another_list_is_refused()
    {
        var cursor = (await server.Client.JsonAsync("GET /v1/categories?limit=1")).GetProperty("next_cursor").GetString()!; // there are more categories
        var changed = (cursor[0] == 'A' ? "B" : "A") + cursor[1..];

        await server.Client.RefusesAsync($"GET /v1/categories?cursor={changed}", null, 400, "invalid_parameter");
        await server.Client.RefusesAsync($"GET /v1/suppressions?cursor={cursor}", null, 400, "invalid_parameter");
    }

    [Fact]
    public async Task The_pages_of_a_list_are_the_list()
    {
        var whole = (await server.Client.JsonAsync("GET /v1/categories")).GetProperty("data").EnumerateArray().Select(c => c.GetProperty("key").GetString()).ToArray();
        var paged = new List<string?>();
        for (string? cursor = "", query = ""; cursor is not null; query = $"&cursor={cursor}")
        {
            var page = await server.Client.JsonAsync($"GET /v1/categories?limit=2{query}");
            paged.AddRange(page.GetProperty("data").EnumerateArray().Select(c => c.GetProperty("key").GetString()));
            cursor = page.GetProperty("next_cursor").GetString();
        }

        Assert.True(whole.Length >= 4);
        Assert.Equal(whole, paged);
    }
}
