using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NotificationServer.Api.Auth;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Templates;

public sealed class TemplateEndpointsTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Shipped = """
        {"name":"Order shipped","category":"orders","channels":{
            "email":{"subject":"Order {{order_no}}","html":"<p>{{name}}</p>","text":"{{name}}"},
            "sms":{"text":"{{order_no}} is on its way"},
            "push":{"title":"On its way","body":"{{order_no}}","data":{"order":"{{order_no}}","n":1}}},"key":"
        """;

    [Fact]
    public async Task A_template_is_created_read_changed_and_published()
    {
        var (created, body) = await PostAsync("/v1/templates", Named("walk"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/v1/templates/walk", created.Headers.Location?.ToString());
        Assert.Equal("""{"key":"walk","version":1}""", body.GetRawText());

        var template = await GetAsync("/v1/templates/walk");
        Assert.Equal(("orders", "published", 1), (Text(template, "category"), Text(template, "status"), template.GetProperty("published_version").GetInt32()));
        var version = template.GetProperty("version");
        Assert.Equal("{{order_no}} is on its way", version.GetProperty("channels").GetProperty("sms").GetProperty("body").GetString());
        Assert.Equal(1, version.GetProperty("channels").GetProperty("push").GetProperty("data").GetProperty("n").GetInt32());
        Assert.Equal("""["order_no","name"]""", version.GetProperty("required_variables").GetProperty("email").GetRawText());
        Assert.Equal("client:test", Text(version, "created_by"));

        var (added, second) = await PostAsync("/v1/templates/walk/versions", """{"channels":{"sms":{"body":"Sent: {{order_no}}"}}}""");
        Assert.Equal((HttpStatusCode.Created, 2), (added.StatusCode, second.GetProperty("version").GetInt32()));
        Assert.False((await GetAsync("/v1/templates/walk/versions/2")).GetProperty("published").GetBoolean());
        Assert.Equal(1, (await GetAsync("/v1/templates/walk")).GetProperty("published_version").GetInt32());

        var (published, _) = await PostAsync("/v1/templates/walk:publish", """{"version":2}""");
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        Assert.True((await GetAsync(added.Headers.Location!.ToString())).GetProperty("published").GetBoolean()); // 201 has one
        Assert.Equal(2, (await GetAsync("/v1/templates/walk")).GetProperty("published_version").GetInt32());
    }

    [Fact]
    public async Task The_list_is_paged_by_a_cursor()
    {
        foreach (var key in new[] { "page-c", "page-a", "page-b" }) await PostAsync("/v1/templates", Named(key));

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await GetAsync($"/v1/templates?limit=2{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(item => Text(item, "key")));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(["page-a", "page-b", "page-c"], seen.Where(key => key.StartsWith("page-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"key":"bad","name":"n","channels":{"sms":{"body":"{{{a}}}"}}}""", 422, "/channels/sms/body", "raw_output")]
    [InlineData("""{"key":"bad","name":"n","channels":{"push":{"title":"a","data":{"x/y":["{{#if}}"]}}}}""", 422, "/channels/push/data/x~1y/0", "template_syntax")]
    [InlineData("""{"key":"bad","name":"n","channels":{}}""", 422, "/channels", "required")]
    [InlineData("""{"key":"Bad key","name":"n","channels":{"sms":{"body":"a"}}}""", 422, "/key", "invalid_key")]
    [InlineData("""{"key":"bad","name":"n","category":"none","channels":{"sms":{"body":"a"}}}""", 422, "/category", "unknown_category")]
    [InlineData("""{"key":"bad","name":"n"}""", 400, "/channels", "required")]
    [InlineData("""{"key":"bad","name":"n","channels":null}""", 400, "/channels", "required")]
    [InlineData("""{"key":"bad","name":"n","channels":{"fax":{}}}""", 400, "/channels/fax", "unknown_property")]
    public async Task An_invalid_template_is_refused_with_a_pointer(string request, int status, string at, string code)
    {
        var (response, problem) = await PostAsync("/v1/templates", request);

        Assert.Equal(status, (int)response.StatusCode);
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal((at, code), (Text(error, "pointer"), Text(error, "code")));
    }

    [Fact]
    public async Task A_taken_key_is_a_conflict_and_what_is_not_there_is_not_found()
    {
        await PostAsync("/v1/templates", Named("taken"));

        Assert.Equal("key_taken", Text((await PostAsync("/v1/templates", Named("taken"))).Body, "code"));
        foreach (var path in new[] { "/v1/templates/none", "/v1/templates/none/versions/1", "/v1/templates/taken/versions/2", "/v1/templates/taken/versions/0" })
            Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/v1/templates/none:publish", "{}")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/v1/templates/taken:publish", """{"version":9}""")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/v1/templates/none/versions", """{"channels":{"sms":{"body":"a"}}}""")).Response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/v1/templates")]
    [InlineData("POST", "/v1/templates")]
    [InlineData("GET", "/v1/templates/a")]
    [InlineData("POST", "/v1/templates/a/versions")]
    [InlineData("GET", "/v1/templates/a/versions/1")]
    [InlineData("POST", "/v1/templates/a:publish")]
    public async Task Every_call_needs_a_key_with_the_scope(string method, string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server.ClientFor(null)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(await server.ClientWithAsync(Scopes.NotificationsWrite)));

        async Task<HttpStatusCode> StatusAsync(HttpClient client)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST") request.Content = Json("{}");
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
    }

    private static string Named(string key) => Shipped.TrimEnd() + key + "\"}";

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!; // the contract says it is there

    private Task<JsonElement> GetAsync(string path) => server.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private async Task<(HttpResponseMessage Response, JsonElement Body)> PostAsync(string path, string json)
    {
        var response = await server.Client.PostAsync(new Uri(path, UriKind.Relative), Json(json));
        return (response, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
