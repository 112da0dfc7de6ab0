using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform.Telemetry;

/// Traces and metrics are pushed to a collector in OpenTelemetry's protocol.
public sealed class OtlpExportTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public async Task A_collector_is_handed_the_trace_of_a_message_and_the_figures_and_nobody_s_address()
    {
        var taken = new ConcurrentQueue<(string Path, byte[] Body)>();
        await using var collector = await CollectorAsync(taken);
        var trace = ActivityTraceId.CreateRandom();
        await using (var server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["Telemetry:OtlpEndpoint"] = collector.Urls.Single(),
            ["Telemetry:OtlpProtocol"] = "HttpProtobuf",
            ["Telemetry:MetricsEvery"] = "00:00:01",
            ["Queue:Poll"] = "00:00:00.05",
        }, database))
        {
            await server.Client.JsonAsync("POST /v1/notifications",
                """{"to":[{"email":"otlp.ann@example.org"}],"channels":["email"],"content":{"subject":"Hello","text":"There"}}""", ("traceparent", $"00-{trace.ToHexString()}-00f067aa0ba902b7-01"));
            await using var connection = await server.Database.Source.OpenConnectionAsync();
            await Eventually.IsTrueAsync(async () => await connection.ExecuteScalarAsync<bool>("select exists (select from messages where status = 'sent' and address = 'otlp.ann@example.org')"));
            await Eventually.IsTrueAsync(() => taken.Any(one => one.Path == "/v1/metrics" && Has(one.Body, "notifications.messages.ended")));
        }

        // What was not pushed yet was when the server stopped.
        var spans = taken.Where(one => one.Path == "/v1/traces").Select(one => one.Body).ToList();
        Assert.Contains(spans, body => Has(body, "send email"));
        Assert.Contains(spans, body => Has(body, "POST /v1/notifications"));
        Assert.Contains(spans, body => body.AsSpan().IndexOf(Convert.FromHexString(trace.ToHexString())) >= 0);
        Assert.All(taken, one => Assert.False(Has(one.Body, "otlp.ann")));
        Assert.All(taken, one => Assert.True(Has(one.Body, "notification-server")));
    }

    private static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static async Task<WebApplication> CollectorAsync(ConcurrentQueue<(string, byte[])> taken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            taken.Enqueue((http.Request.Path, body.ToArray()));
        });
        await app.StartAsync();
        return app;
    }
}
