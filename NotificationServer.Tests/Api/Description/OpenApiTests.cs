using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Description;

public sealed class OpenApiTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task The_description_lists_every_endpoint_with_a_summary_its_errors_and_its_key()
    {
        var document = await server.ClientFor(null).JsonAsync("GET /openapi/v1.json");
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);

        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => (Call: $"{o.Name.ToUpperInvariant()} {path.Name}", Operation: o.Value)))
            .ToDictionary(o => o.Call, o => o.Operation);
        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.StartsWith("/v1/", StringComparison.Ordinal) == true)
            .SelectMany(e => e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));

        Assert.Equal(mapped.Order(), described.Keys.Order());
        Assert.All(described, o =>
        {
            Assert.False(string.IsNullOrEmpty(o.Value.GetProperty("summary").GetString()), o.Key);
            Assert.Contains("Scope: `", o.Value.GetProperty("description").GetString(), StringComparison.Ordinal);
            Assert.True(o.Value.GetProperty("security").GetArrayLength() > 0, o.Key);
            Assert.True(o.Value.GetProperty("responses").TryGetProperty("401", out _), o.Key);
            Assert.Contains(o.Value.GetProperty("responses").EnumerateObject(), r => r.Name.StartsWith('2'));
        });
    }

    [Fact]
    public async Task Every_example_is_taken_by_its_endpoint()
    {
        await server.GivenUserAsync("example");
        using var template = await server.Client.SendAsync("POST /v1/templates", """{"key":"example","name":"Example","channels":{"sms":{"body":"Hello"}}}""");
        using var partial = await server.Client.SendAsync("POST /v1/template-partials", """{"key":"example","name":"Example","text":"Hello"}""");
        var notification = await (await server.Client.SendAsync("POST /v1/notifications", Target.Named("notification").Valid)).Content.ReadFromJsonAsync<JsonElement>();
        var names = new Dictionary<string, string>
        {
            ["{user_id}"] = "example", ["{device_id}"] = "d1", ["{key}"] = "example", ["{id}"] = notification.GetProperty("id").GetString()!, // always there
            ["{channel}"] = "web_push", ["{account}"] = "twilio-eu",
        };
        await server.Client.JsonAsync("PUT /v1/providers/twilio-eu", """{"kind":"twilio","settings":{"account_sid":"AC1","from":"+15005550006"},"secrets":{"auth_token":"x"}}""");
        var webhooks = (await server.Client.JsonAsync("POST /v1/webhook-endpoints", Target.Named("webhook endpoint").Valid)).GetProperty("endpoint").GetProperty("id").GetString();
        var segment = (await server.Client.JsonAsync("POST /v1/segments", """{"name":"Example","rules":{"all":[]}}""")).GetProperty("id").GetString();
        var campaign = (await server.Client.JsonAsync("POST /v1/campaigns", Target.Named("campaign").Valid)).GetProperty("id").GetString();
        var document = await server.Client.JsonAsync("GET /openapi/v1.json");
        // What is done to a campaign depends on how far it is: CampaignsTests. A message has to fail before it can be requeued, and that be undone: OperationsTests tells that story. A test of an account calls its vendor: FailoverJourneys does it.
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(p => p.Name is not ("/v1/messages/{id}:requeue" or "/v1/operations/{id}:undo" or "/v1/providers/{account}:test") && !p.Name.StartsWith("/v1/campaigns/{id}:", StringComparison.Ordinal)))
        foreach (var operation in path.Value.EnumerateObject().Where(o => o.Value.TryGetProperty("requestBody", out _)))
        {
            var example = operation.Value.GetProperty("requestBody").GetProperty("content").EnumerateObject().First().Value.GetProperty("example");
            var call = $"{operation.Name.ToUpperInvariant()} {names.Aggregate(path.Name.Replace("/webhook-endpoints/{id}", $"/webhook-endpoints/{webhooks}", StringComparison.Ordinal).Replace("/segments/{id}", $"/segments/{segment}", StringComparison.Ordinal).Replace("/campaigns/{id}", $"/campaigns/{campaign}", StringComparison.Ordinal), (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal))}";

            using var response = await server.Client.SendAsync(call, example.GetRawText());

            Assert.True(response.IsSuccessStatusCode, $"{call}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task References_of_the_description_lead_somewhere()
    {
        var text = (await server.Client.JsonAsync("GET /openapi/v1.json")).GetRawText();
        using var document = JsonDocument.Parse(text);
        var known = document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => s.Name).ToHashSet();

        Assert.Contains("PutUserRequest", known);
        Assert.Contains("ProblemDocument", known);
        var used = text.Split("\"#/components/schemas/").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]);
        Assert.Empty(used.Except(known));
    }

    [Fact]
    [Bar("S37", "S39")]
    public async Task Only_developers_get_the_pages()
    {
        await using var production = await ServerHost.StartAsync(Environments.Production);

        using var page = await server.ClientFor(null).SendAsync("GET /docs/index.html");
        Assert.True(page.IsSuccessStatusCode);
        await production.ClientFor(null).RefusesAsync("GET /docs/index.html", null, 404, "not_found");
        await production.Client.RefusesAsync("GET /v1/inbox", null, 404, "not_found");
    }
}
