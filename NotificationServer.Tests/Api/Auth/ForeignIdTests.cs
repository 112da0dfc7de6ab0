using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Auth;

/// Every route that names something: what belongs to a client is as unknown to every other client as what there is not.
[Bar("S08", "B58")]
public sealed class ForeignIdTests(ServerHost server) : IClassFixture<ServerHost>
{
    /// One company's services share these: the people, the words, the settings; a scope opens them, not an owner. The operators' desk shows
    /// everybody's messages, which is what its scopes are for.
    private static readonly string[] Shared =
    [
        "/v1/users/", "/v1/categories/", "/v1/templates/", "/v1/template-partials/", "/v1/providers/", "/v1/ops/", "/v1/operations/", "/v1/messages/{id}:requeue",
        "/v1/segments/", "/v1/campaigns/", "/v1/alert-rules/", // campaigns are the marketers', whichever service calls for them
    ];

    private IEnumerable<RouteEndpoint> Named => server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => Path(endpoint) is var path && path.StartsWith("/v1/", StringComparison.Ordinal) && endpoint.RoutePattern.Parameters.Count > 0)
        .Where(endpoint => !Shared.Any(shared => Path(endpoint).StartsWith(shared, StringComparison.Ordinal)));

    [Fact]
    public async Task What_is_another_client_s_is_answered_like_what_there_is_not()
    {
        var (ann, ben) = (server.ClientFor(await server.KeyAsync(client: "ann")), server.ClientFor(await server.KeyAsync(client: "ben")));
        var hers = await HersAsync(ann);
        var calls = Named.SelectMany(endpoint => Methods(endpoint).Select(method => (Method: method, Path: Path(endpoint), Body: BodyOf(endpoint)))).ToList();
        Assert.True(calls.Count >= 12, $"{calls.Count} calls");

        foreach (var (method, path, body) in calls)
        {
            var owned = hers.Keys.Where(prefix => path.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(prefix => prefix.Length);
            Assert.True(owned is not null, $"{path}: say here whose it is");
            var real = await AnswerAsync(ben, $"{method} {Fill(path, hers[owned])}", body);
            var none = await AnswerAsync(ben, $"{method} {Fill(path, Unlike(hers[owned]))}", body);

            Assert.True(real.Status == 404 && real == none, $"{method} {path}: {real} for hers, {none} for none");
        }
        // Nothing of it happened.
        var after = await HersAgainAsync(ann, hers);
        Assert.Contains(after.Message, new[] { "scheduled", "queued" });
        Assert.Equal(1, after.EndpointVersion);
    }

    [Fact]
    public async Task Lists_show_nothing_of_another_client()
    {
        var (ann, ben) = (server.ClientFor(await server.KeyAsync(client: "ann-lists")), server.ClientFor(await server.KeyAsync(client: "ben-lists")));
        var hers = await HersAsync(ann);

        foreach (var list in new[] { "/v1/messages", "/v1/webhook-endpoints", "/v1/messages?event_id=order-1" })
        {
            Assert.NotEqual(0, (await ann.JsonAsync($"GET {list}")).GetProperty("data").GetArrayLength());
            Assert.Equal(0, (await ben.JsonAsync($"GET {list}")).GetProperty("data").GetArrayLength());
        }
        await ben.RefusesAsync($"GET /v1/messages?notification_id={hers["/v1/notifications/"][0]}", null, 404, "not_found");
    }

    /// What she has, by the beginning of the routes that name it.
    private static async Task<Dictionary<string, string[]>> HersAsync(HttpClient ann)
    {
        var later = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", null);
        var sent = await ann.JsonAsync("POST /v1/notifications", $$"""{"event_id":"order-1","send_at":"{{later}}","to":[{"email":"ann@example.org"}],"channels":["email"],"content":{"subject":"a","text":"b"} }""");
        var endpoint = (await ann.JsonAsync("POST /v1/webhook-endpoints", """{"url":"https://hooks.example.com/","event_types":["message.sent"]}""")).GetProperty("endpoint");
        using var file = new HttpRequestMessage(HttpMethod.Post, "/v1/imports?dry_run=true") { Content = new StringContent("user_id\nforeign\n", System.Text.Encoding.UTF8, "text/csv") };
        using var import = await ann.SendAsync(file);
        return new()
        {
            ["/v1/notifications/"] = [Id(sent)],
            ["/v1/messages/"] = [Id(sent.GetProperty("messages")[0])],
            ["/v1/webhook-endpoints/"] = [Id(endpoint), "evt_0192f0c1aaaa7bbb8ccc0123456789ab"],
            ["/v1/imports/"] = [JsonDocument.Parse(await import.Content.ReadAsStringAsync()).RootElement.GetProperty("operation_id").GetString()!], // always there
        };
    }

    private static async Task<(string? Message, int EndpointVersion)> HersAgainAsync(HttpClient ann, Dictionary<string, string[]> hers) =>
        ((await ann.JsonAsync($"GET /v1/messages/{hers["/v1/messages/"][0]}")).GetProperty("delivery_status").GetString(),
            (await ann.JsonAsync($"GET /v1/webhook-endpoints/{hers["/v1/webhook-endpoints/"][0]}")).GetProperty("version").GetInt32());

    /// Status, code and detail: all that tells an answer from another but for the address that was asked.
    private static async Task<(int Status, string? Code, string? Detail)> AnswerAsync(HttpClient client, string call, string? body)
    {
        using var response = await client.SendAsync(call, body);
        var text = await response.Content.ReadAsStringAsync();
        if (response.IsSuccessStatusCode) return ((int)response.StatusCode, null, text);
        var problem = JsonDocument.Parse(text).RootElement;
        return ((int)response.StatusCode, problem.GetProperty("code").GetString(), problem.GetProperty("detail").GetString());
    }

    private static string Fill(string path, string[] ids) => path.Split('{', '}').Select((piece, at) => at % 2 == 0 ? piece : ids[Math.Min(at / 2, ids.Length - 1)]).Aggregate(string.Concat);

    /// The same form, and nobody's.
    private static string[] Unlike(string[] ids) => [.. ids.Select(id => $"{id[..^12]}{new string('f', 12)}")];

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText?.TrimStart('/');

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods;

    private static string? BodyOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<NotificationServer.Api.Description.RequestExample>()?.Json
        ?? (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>() is null ? null : "{}");

    private static string Id(JsonElement one) => one.GetProperty("id").GetString()!; // always there
}
