using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform.Telemetry;

/// Who may read `/metrics`, and what stands there.
public sealed partial class MetricsPageTests(Database database) : IClassFixture<Database>
{
    private const string Token = "a-token-of-some-length";

    [Fact]
    public async Task Nobody_reads_them_unless_somebody_said_who_may()
    {
        await using var server = await ServerHost.StartAsync(Environments.Production, null, database);

        await server.Client.RefusesAsync("GET /metrics", null, 404, "not_found");
    }

    [Fact]
    public async Task With_a_token_they_are_for_those_who_have_it()
    {
        await using var server = await ServerHost.StartAsync(Environments.Production, new Dictionary<string, string?> { ["Metrics:Token"] = Token }, database);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "another-of-this-length")).StatusCode);
        using var told = await AskAsync(server, Token);
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", told.Content.Headers.ContentType?.ToString());
        using var posted = await server.ClientFor(null).PostAsync("/metrics", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task A_network_that_may_needs_no_token_and_another_may_not()
    {
        await using var open = await ServerHost.StartAsync(Environments.Production, new Dictionary<string, string?> { ["Metrics:AllowedNetworks:0"] = "127.0.0.0/8" }, database);
        await using var shut = await ServerHost.StartAsync(Environments.Production, new Dictionary<string, string?> { ["Metrics:AllowedNetworks:0"] = "10.1.0.0/16" }, database);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(open, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(shut, null)).StatusCode);
    }

    [Fact]
    public async Task On_a_port_of_their_own_there_is_nothing_else_and_on_the_server_s_they_are_not()
    {
        await using var server = await ServerHost.StartAsync(Environments.Production, new Dictionary<string, string?> { ["Metrics:Port"] = "0" }, database);
        var own = server.Services.GetRequiredService<MetricsListener>().Address;
        using var client = new HttpClient { BaseAddress = own };

        using var told = await client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/v1/users")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/healthz/live")).StatusCode);
        await server.Client.RefusesAsync("GET /metrics", null, 404, "not_found");
    }

    [Fact]
    public async Task They_tell_of_what_comes_in_goes_out_and_waits_and_of_nobody_by_name()
    {
        await using var server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?> { ["Queue:Poll"] = "00:00:00.05", ["Alerts:Every"] = "00:00:00.2" }, database);
        await ReadAsync(server); // from now on they are counted
        await server.Client.JsonAsync("POST /v1/notifications", """{"to":[{"email":"ann.metric@example.org"}],"channels":["email"],"content":{"subject":"Hello","text":"There"}}""");

        var text = "";
        await Eventually.IsTrueAsync(async () => (text = await ReadAsync(server)).Contains("notifications_messages_ended_total{channel=\"email\",lane=\"transactional\",status=\"sent\"} 1\n", StringComparison.Ordinal)
            && text.Contains("notifications_queue_messages{channel=\"email\",lane=\"bulk\",state=\"ready\"} 0\n", StringComparison.Ordinal));

        Assert.Contains("notifications_intake_requests_total{outcome=\"accepted\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("notifications_intake_batch_size_count 1\n", text, StringComparison.Ordinal);
        Assert.Contains("notifications_provider_call_duration_seconds_count{channel=\"email\",provider=\"inbox\",outcome=\"accepted\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("notifications_queue_wait_seconds_count{channel=\"email\",lane=\"transactional\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("notifications_nodes_alive{role=\"worker\"}", text, StringComparison.Ordinal);
        Assert.Contains("notifications_alerts_open{kind=\"oldest_waiting_critical\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket{", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total{", text, StringComparison.Ordinal);
        Assert.Contains("db_client_connection_max{", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ann.metric", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(new Npgsql.NpgsqlConnectionStringBuilder(server.Database.ConnectionString).Database!, text, StringComparison.Ordinal); // it has one
        AssertIsWellFormed(text);
    }

    [Fact]
    public async Task What_the_dashboard_and_the_handbook_name_is_there()
    {
        await using var server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?> { ["Metrics:AllowedNetworks:0"] = "127.0.0.0/8" }, database);
        await Eventually.IsTrueAsync(async () => (await ReadAsync(server)).Contains("notifications_queue_messages", StringComparison.Ordinal));
        var known = server.Services.GetRequiredService<MetricBook>().Names;

        var named = new[] { "docs/metrics.md", "docs/grafana/notification-server.json" }.SelectMany(file => Named().Matches(Source.Read(file))).Select(match => match.Value)
            .Where(name => !name.EndsWith('_') && name != "notifications_drain_time") // the beginning of several; the adapter's own
            .Select(name => Suffix().Replace(name, "")).Distinct();

        Violations.None(named.Where(name => !known.Contains(name)));
    }

    [Fact]
    public void Every_panel_of_the_dashboard_asks_for_something()
    {
        var panels = JsonNode.Parse(Source.Read("docs/grafana/notification-server.json"))!["panels"]!.AsArray();

        Assert.NotEmpty(panels);
        Assert.All(panels, panel =>
        {
            var asked = panel!["targets"]!.AsArray();
            Assert.NotEmpty(asked);
            Assert.All(asked, one => Assert.NotEqual("", one!["expr"]!.GetValue<string>()));
        });
    }

    [GeneratedRegex("\\b(?:notifications|http_server|db_client|dotnet)_[a-z_]+\\b(?!=)")] // a label is followed by what it is
    private static partial Regex Named();

    [GeneratedRegex("_(?:total|bucket|sum|count)$(?<!connection_count)")]
    private static partial Regex Suffix();

    /// Each family once, its samples together, and no line said twice.
    private static void AssertIsWellFormed(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var families = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToList();
        Assert.Equal(families.Count, families.Distinct().Count());
        var samples = lines.Where(line => line[0] != '#').Select(line => line[..line.LastIndexOf(' ')]).ToList();
        Assert.Equal(samples.Count, samples.Distinct().Count());
        Assert.All(samples, sample => Assert.Matches("^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})?$", sample));
    }

    private static async Task<string> ReadAsync(ServerHost server)
    {
        using var told = await AskAsync(server, null);
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        return await told.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> AskAsync(ServerHost server, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.ClientFor(null).SendAsync(request);
    }
}
