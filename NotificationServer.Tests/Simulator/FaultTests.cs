using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Tests.Simulator;

public sealed class FaultTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Senders => ["apns", "fcm", "twilio", "sendgrid"];

    [Theory]
    [InlineData("apns", 503, null, """{"reason":"ServiceUnavailable"}""")]
    [InlineData("apns", 429, "TooManyProviderTokenUpdates", """{"reason":"TooManyProviderTokenUpdates"}""")]
    [InlineData("fcm", 500, null, """{"error":{"code":500,"message":"Internal error encountered.","status":"INTERNAL","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"INTERNAL"}]}}""")]
    [InlineData("fcm-oauth", 400, "invalid_scope", """{"error":"invalid_scope","error_description":"Simulated"}""")]
    [InlineData("twilio", 429, null, """{"code":20429,"message":"Too Many Requests","more_info":"https://www.twilio.com/docs/errors/20429","status":429}""")]
    [InlineData("twilio", 400, "21610", """{"code":21610,"message":"Attempt to send to unsubscribed recipient","more_info":"https://www.twilio.com/docs/errors/21610","status":400}""")]
    [InlineData("sendgrid", 503, null, """{"errors":[{"message":"Internal server error","field":null,"help":null}]}""")]
    public async Task A_status_comes_with_the_providers_own_body_and_nothing_is_accepted(string provider, int status, string? code, string body)
    {
        var before = simulator.Host.Ledger.Count;
        using var fault = simulator.Given(provider, new Fault { Status = status, Code = code });
        using var response = await simulator.SendAsync(provider);

        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(before, simulator.Host.Ledger.Count);
    }

    [Fact]
    public async Task A_bad_gateway_of_Google_is_HTML()
    {
        using var fault = simulator.Given("fcm", new Fault { Status = 502 });
        using var response = await simulator.SendAsync("fcm");

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("apns", 410, "Unregistered")]
    [InlineData("fcm", 404, "UNREGISTERED")]
    [InlineData("twilio", 400, "21610")]
    [InlineData("sendgrid", 400, "personalizations.0.to.0.email")]
    public async Task A_dead_address_is_told_in_the_providers_words(string provider, int status, string mark)
    {
        using var fault = simulator.Given(provider, new Fault { DeadToken = true });
        using var response = await simulator.SendAsync(provider);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(mark, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APNs_tells_since_when_a_token_is_dead()
    {
        using var response = await simulator.SendAsync("apns", "facade0410");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(RunningSimulator.TimeOfCapture.ToUnixTimeMilliseconds(), body.RootElement.GetProperty("timestamp").GetInt64());
    }

    [Theory, MemberData(nameof(Senders))]
    public async Task A_delayed_answer_is_a_real_one_that_comes_late(string provider)
    {
        using var fault = simulator.Given(provider, new Fault { Delay = TimeSpan.FromMilliseconds(150) });
        var watch = Stopwatch.StartNew();
        using var response = await simulator.SendAsync(provider);

        Assert.True(response.IsSuccessStatusCode);
        Assert.InRange(watch.ElapsedMilliseconds, 150, 10_000);
    }

    [Theory, MemberData(nameof(Senders))]
    public async Task Whoever_hangs_has_accepted_and_never_answers(string provider)
    {
        var marker = Recipient(provider);
        using var fault = simulator.Given(provider, new Fault { Hang = true });
        using var giveUp = new CancellationTokenSource();
        var sending = simulator.SendAsync(provider, marker, giveUp.Token);

        await Accepted(marker);
        Assert.False(sending.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory, MemberData(nameof(Senders))]
    public async Task A_held_answer_comes_when_the_fault_is_cleared(string provider)
    {
        var marker = Recipient(provider);
        simulator.Host.Faults.Set(provider, new Fault { Hold = true });
        var sending = simulator.SendAsync(provider, marker);
        await Accepted(marker);
        Assert.False(sending.IsCompleted);

        simulator.Host.Faults.Clear(provider);
        using var response = await sending.WaitAsync(Patience);
        Assert.True(response.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("twilio")]
    [InlineData("sendgrid")]
    public async Task A_reset_over_HTTP_1_is_a_TCP_reset_and_nothing_is_accepted(string provider)
    {
        var before = simulator.Host.Ledger.Count;
        using var fault = simulator.Given(provider, new Fault { Reset = ResetKind.Stream });
        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => simulator.SendAsync(provider));

        Assert.Equal(SocketError.ConnectionReset, SocketErrorIn(thrown));
        Assert.Equal(before, simulator.Host.Ledger.Count);
    }

    [Fact]
    public async Task A_stream_reset_over_HTTP_2_leaves_the_connection_alone()
    {
        (await simulator.SendAsync("apns")).EnsureSuccessStatusCode();
        var connections = simulator.Host.Figures["apns"].Connections;
        using (simulator.Given("apns", new Fault { Reset = ResetKind.Stream }))
        {
            var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => simulator.SendAsync("apns"));
            var protocol = Assert.IsType<HttpProtocolException>(thrown.InnerException);
            Assert.Equal(2, protocol.ErrorCode);
        }

        (await simulator.SendAsync("apns")).EnsureSuccessStatusCode();
        Assert.Equal(connections, simulator.Host.Figures["apns"].Connections);
    }

    [Fact]
    public async Task A_connection_reset_over_HTTP_2_takes_the_connection_with_it()
    {
        (await simulator.SendAsync("apns")).EnsureSuccessStatusCode();
        var connections = simulator.Host.Figures["apns"].Connections;
        using (simulator.Given("apns", new Fault { Reset = ResetKind.Connection }))
        {
            var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => simulator.SendAsync("apns"));
            Assert.Equal(SocketError.ConnectionReset, SocketErrorIn(thrown));
        }

        (await simulator.SendAsync("apns")).EnsureSuccessStatusCode();
        Assert.True(simulator.Host.Figures["apns"].Connections > connections);
    }

    [Theory, MemberData(nameof(Senders))]
    public async Task A_truncated_answer_ends_in_the_middle_of_its_body_after_the_accept(string provider)
    {
        var marker = Recipient(provider);
        using var fault = simulator.Given(provider, new Fault { Truncate = true });

        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.SendAsync(provider, marker));
        await Accepted(marker);
    }

    [Theory, MemberData(nameof(Senders))]
    public async Task Garbage_is_a_200_that_says_nothing(string provider)
    {
        using var fault = simulator.Given(provider, new Fault { Garbage = true });
        using var response = await simulator.SendAsync(provider);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
        Assert.False(response.Headers.Contains("apns-id") || response.Headers.Contains("x-message-id"));
    }

    [Theory]
    [InlineData("apns", "120")]
    [InlineData("fcm", "1.5")]
    [InlineData("twilio", "-5")]
    [InlineData("sendgrid", "Fri, 31 Feb 2026 25:00:00 GMT")]
    public async Task Retry_After_goes_out_as_it_was_given(string provider, string raw)
    {
        using var fault = simulator.Given(provider, new Fault { Status = 429, RetryAfter = raw });
        using var response = await simulator.SendAsync(provider);

        Assert.Equal(raw, response.Headers.NonValidated["retry-after"].ToString());
    }

    [Fact]
    public async Task SendGrid_tells_when_its_rate_window_ends()
    {
        using var fault = simulator.Given("sendgrid", new Fault { Status = 429, RetryAfter = "30" });
        using var response = await simulator.SendAsync("sendgrid");

        Assert.Equal($"{RunningSimulator.TimeOfCapture.ToUnixTimeSeconds() + 30}", Assert.Single(response.Headers.GetValues("X-RateLimit-Reset")));
    }

    [Fact]
    public async Task A_counted_fault_strikes_so_often_and_no_more()
    {
        using var fault = simulator.Given("twilio", new Fault { Status = 500, Count = 2 });
        var statuses = new List<int>();
        for (var i = 0; i < 3; i++) statuses.Add((int)(await simulator.SendAsync("twilio")).StatusCode);

        Assert.Equal([500, 500, 201], statuses);
    }

    [Fact]
    public async Task A_fault_with_a_probability_strikes_some_and_spares_some()
    {
        using var fault = simulator.Given("twilio", new Fault { Status = 500, Probability = 0.5 });
        var statuses = new HashSet<int>();
        for (var i = 0; i < 64; i++) statuses.Add((int)(await simulator.SendAsync("twilio")).StatusCode);

        Assert.Equal([201, 500], statuses.Order());
    }

    [Fact]
    public async Task A_message_can_be_accepted_although_the_sender_is_told_otherwise()
    {
        var marker = Recipient("sendgrid");
        using var fault = simulator.Given("sendgrid", new Fault { Status = 500, Accept = true });
        using var response = await simulator.SendAsync("sendgrid", marker);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await Accepted(marker);
    }

    private Task<LedgerEntry> Accepted(string recipient) => simulator.Host.WaitForAsync(e => e.To == recipient, CancellationToken.None).WaitAsync(Patience);

    /// A recipient that no other test writes to.
    private static string Recipient(string provider)
    {
        var unique = Guid.CreateVersion7().ToString("N");
        return provider switch
        {
            "apns" or "fcm" => unique,
            "twilio" => $"+1{Random.Shared.NextInt64(2_000_000_000, 9_999_999_999)}",
            _ => $"{unique}@example.com",
        };
    }

    private static SocketError? SocketErrorIn(Exception? thrown)
    {
        while (thrown is not null and not SocketException) thrown = thrown.InnerException;
        return (thrown as SocketException)?.SocketErrorCode;
    }
}
