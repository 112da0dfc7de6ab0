using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Hosting;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// A caller's trace goes on where the message does: through the database, to the provider.
public sealed class TraceJourneys : IAsyncLifetime
{
    private readonly ConcurrentQueue<Activity> spans = new();
    private readonly ActivityListener listener;
    private VendorServer vendor = null!; // xunit initialises before any test
    private ServerHost server = null!;

    public TraceJourneys()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Meters.Name,
            // Whoever records the caller's records ours; nothing is recorded of others.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                (options.Parent.TraceFlags & ActivityTraceFlags.Recorded) != 0 ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public async Task InitializeAsync()
    {
        vendor = await VendorServer.StartHttp1Async();
        vendor.Answer = _ => new VendorAnswer(202, "", new Dictionary<string, string> { ["X-Message-Id"] = "m1" });
        server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["Channels:TrustedRootsFile"] = TestRoot.File,
            ["Channels:SendGrid:BaseAddress"] = vendor.Address.ToString(), ["Channels:SendGrid:ApiKey"] = "SG.s3cret", ["Channels:SendGrid:From"] = "news@mail.example.org",
            ["Queue:Poll"] = "00:00:00.05",
            ["Telemetry:TellProviders"] = "true",
        });
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)server).DisposeAsync();
        await vendor.DisposeAsync();
        listener.Dispose();
    }

    [Fact]
    public async Task What_the_caller_records_goes_on_to_the_call_of_the_provider()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        var message = await SendAsync($"00-{trace}-00f067aa0ba902b7-01");

        await Eventually.IsTrueAsync(() => Ours(trace).Count == 2);
        var send = Ours(trace).Single(span => span.DisplayName == "send email");
        var call = Ours(trace).Single(span => span.Kind == ActivityKind.Client);
        var stored = await ScalarAsync<string>("select n.trace from notifications n join messages m on m.notification_id = n.id where m.id = @id", message);

        Assert.StartsWith($"00-{trace}-", stored, StringComparison.Ordinal);
        Assert.Equal(stored!.Split('-')[2], send.ParentSpanId.ToHexString());
        Assert.Equal(send.SpanId, call.ParentSpanId);
        Assert.Equal($"00-{trace}-{call.SpanId.ToHexString()}-01", Assert.Single(vendor.Requests).Headers["traceparent"]);
        Assert.Equal("accepted sendgrid sent", $"{send.GetTagItem("notifications.outcome")} {send.GetTagItem("messaging.system")} {send.GetTagItem("notifications.status")}");
        Assert.Equal(202, call.GetTagItem("http.response.status_code"));
        Assert.DoesNotContain(Ours(trace).SelectMany(span => span.TagObjects), tag => tag.Value?.ToString()?.Contains("trace.me", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task What_nobody_records_leaves_no_mark()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        var message = await SendAsync($"00-{trace}-00f067aa0ba902b7-00");

        await Eventually.IsTrueAsync(() => vendor.Requests.Count == 1);

        Assert.Null(await ScalarAsync<string>("select n.trace from notifications n join messages m on m.notification_id = n.id where m.id = @id", message));
        Assert.DoesNotContain("traceparent", vendor.Requests[0].Headers.Keys);
        Assert.Empty(Ours(trace));
    }

    private List<Activity> Ours(string trace) => [.. spans.Where(span => span.TraceId.ToHexString() == trace)];

    private async Task<Guid> SendAsync(string traceparent)
    {
        var accepted = await server.Client.JsonAsync("POST /v1/notifications",
            """{"to":[{"email":"trace.me@example.org"}],"channels":["email"],"content":{"subject":"Hello","text":"There"}}""", ("traceparent", traceparent));
        return Guid.ParseExact(accepted.GetProperty("messages")[0].GetProperty("id").GetString()!["msg_".Length..], "N"); // it has one
    }

    private async Task<T?> ScalarAsync<T>(string sql, Guid id)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, new { id });
    }
}
