using System.Text.Json;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Categories;

public sealed class CategoriesTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_category_is_made_changed_and_read()
    {
        await server.Client.JsonAsync("PUT /v1/categories/news", """{"name":"News","class":"marketing","expires_after_seconds":3600}""");
        await server.Client.JsonAsync("PUT /v1/categories/news", """{"name":"Latest news","class":"transactional"}""");

        var category = await server.Client.JsonAsync("GET /v1/categories/news");

        Assert.Equal(("Latest news", "transactional"), (category.GetProperty("name").GetString(), category.GetProperty("class").GetString()));
        Assert.Equal(JsonValueKind.Null, category.GetProperty("expires_after_seconds").ValueKind);
        Assert.Equal(900, (await server.Client.JsonAsync("GET /v1/categories/security")).GetProperty("expires_after_seconds").GetInt32());
    }

    [Fact]
    public async Task A_category_says_whom_it_may_reach_when_and_how_often()
    {
        var category = await server.Client.JsonAsync("PUT /v1/categories/weekly",
            """{"name":"Weekly","class":"marketing","description":"Once a week","channels":["email","push"],"default_opt_in":false,"quiet_hours":"expire","limit":{"count":3,"per_seconds":604800,"policy":"merge"}}""");

        Assert.Equal(category.GetRawText(), (await server.Client.JsonAsync("GET /v1/categories/weekly")).GetRawText());
        Assert.Equal(("expire", false, 604800), (category.GetProperty("quiet_hours").GetString(), category.GetProperty("default_opt_in").GetBoolean(), category.GetProperty("limit").GetProperty("per_seconds").GetInt32()));
        Assert.Equal("ignore", (await server.Client.JsonAsync("PUT /v1/categories/codes", """{"name":"Codes","class":"critical"}""")).GetProperty("quiet_hours").GetString());
    }

    [Theory]
    [InlineData("""{"name":"x","class":"marketing","quiet_hours":"loud"}""")]
    [InlineData("""{"name":"x","class":"marketing","channels":[]}""")]
    [InlineData("""{"name":"x","class":"marketing","channels":["pigeon"]}""")]
    [InlineData("""{"name":"x","class":"marketing","limit":{"count":0,"per_seconds":60,"policy":"drop"}}""")]
    [InlineData("""{"name":"x","class":"marketing","limit":{"count":1,"per_seconds":0,"policy":"drop"}}""")]
    [InlineData("""{"name":"x","class":"marketing","limit":{"count":1,"per_seconds":60,"policy":"shout"}}""")]
    [InlineData("""{"name":"x","class":"urgent"}""")]
    [InlineData("""{"name":"","class":"marketing"}""")]
    [InlineData("""{"name":"x","class":"marketing","expires_after_seconds":0}""")]
    public async Task A_category_that_makes_no_sense_is_refused(string json) =>
        await server.Client.RefusesAsync("PUT /v1/categories/odd", json, 422, "validation_failed");

    [Fact]
    public async Task A_category_goes_unless_a_template_is_of_it()
    {
        await server.Client.JsonAsync("PUT /v1/categories/brief", """{"name":"Brief","class":"marketing","limit":{"count":1,"per_seconds":60,"policy":"drop"}}""");
        await server.Client.JsonAsync("POST /v1/templates", """{"key":"of-a-category","name":"T","category":"brief","channels":{"sms":{"body":"x"}}}""");
        await server.Client.RefusesAsync("DELETE /v1/categories/brief", null, 409, "wrong_state");

        await server.Client.JsonAsync("PUT /v1/categories/briefer", """{"name":"Brief","class":"marketing"}""");
        using var gone = await server.Client.SendAsync("DELETE /v1/categories/briefer");

        Assert.Equal(204, (int)gone.StatusCode);
        await server.Client.RefusesAsync("DELETE /v1/categories/briefer", null, 404, "not_found");
    }

    [Fact]
    public async Task A_key_has_a_form()
    {
        using var bad = await server.Client.SendAsync("GET /v1/users/-x/block");
        await ProblemAssert.IsAsync(bad, 400, "invalid_parameter");
        Assert.Equal("path:user_id", await ProblemAssert.PointerAsync(bad));
        await server.Client.RefusesAsync("PUT /v1/categories/Not%20One", """{"name":"x","class":"marketing"}""", 400, "invalid_parameter");
        await server.Client.RefusesAsync("GET /v1/categories/unknown", null, 404, "not_found");
    }
}
