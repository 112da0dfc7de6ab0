using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NotificationServer.Benchmarks.Faults;
using NotificationServer.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels.Conformance;

/// What every connector owes to those who build on it, whatever its vendor: a new one derives from this, says what its vendor's
/// answers look like, and is held to all of it. Each test speaks real TLS to a real server.
public abstract class ConformanceTests
{
    private const int AtOnce = 20;

    private protected abstract Connector Vendor { get; }

    [Fact]
    public async Task What_the_vendor_takes_is_accepted_under_the_vendors_id()
    {
        await using var stage = await StageAsync();

        Assert.Equal(SendOutcome.Accepted(Vendor.MessageId), await stage.SendAsync());
        Assert.Single(stage.Sends);
    }

    [Theory]
    [InlineData("Throttled")]
    [InlineData("Transient")]
    [InlineData("Permanent")]
    [InlineData("AddressDead")]
    [InlineData("Misconfigured")]
    public async Task Each_class_of_refusal_is_told_as_itself_with_words_for_an_operator(string status)
    {
        if (!Vendor.Refuses.TryGetValue(Enum.Parse<SendStatus>(status), out var refusal)) return; // the vendor knows no such thing
        await using var stage = await StageAsync(_ => refusal);

        var outcome = await stage.SendAsync();

        Assert.Equal(status, outcome.Status.ToString());
        Assert.False(string.IsNullOrWhiteSpace(outcome.Code), "a refusal has a code");
        Assert.Null(outcome.ProviderMessageId);
    }

    [Fact]
    public async Task A_send_that_nobody_answers_by_the_deadline_is_unknown()
    {
        var arrived = new TaskCompletionSource();
        await using var stage = await StageAsync();
        stage.Misbehave(async context =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var deadline = new CancellationTokenSource();

        var sending = stage.SendAsync(ct: deadline.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await deadline.CancelAsync();

        Assert.Equal(SendStatus.Unknown, (await sending).Status);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_already_lets_nothing_out()
    {
        await using var stage = await StageAsync();

        Assert.Equal(SendStatus.NotSent, (await stage.SendAsync(ct: new CancellationToken(canceled: true))).Status);
        Assert.Empty(stage.Sends);
    }

    [Fact]
    public async Task A_line_that_breaks_after_the_request_leaves_it_unknown()
    {
        await using var stage = await StageAsync();
        stage.Misbehave(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        Assert.Equal(SendStatus.Unknown, (await stage.SendAsync()).Status);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_is_sent()
    {
        // Kept while the test runs: a port that is merely free is soon somebody else's.
        using var closed = new ClosedPort();
        var address = new Uri($"https://127.0.0.1:{closed.Port}");
        await using var channels = new ChannelsHost(Vendor.Settings(address));

        Assert.Equal(SendStatus.NotSent, Discreet(await Stage.SendAsync(channels, Vendor.Message(address), CancellationToken.None)).Status);
    }

    [Fact]
    [Bar("S35")]
    public async Task To_a_server_that_cannot_prove_who_it_is_nothing_is_sent()
    {
        await using var server = await VendorServer.StartAsync(Protocols, TestRoot.OfAnotherName);
        await using var channels = new ChannelsHost(Vendor.Settings(server.Address));

        Assert.Equal(SendStatus.NotSent, Discreet(await Stage.SendAsync(channels, Vendor.Message(server.Address), CancellationToken.None)).Status);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_success_with_an_answer_that_fills_the_memory_is_unknown()
    {
        await using var stage = await StageAsync(request => Vendor.Accepts(request) with { Body = new string(' ', 100_000) });

        Assert.Equal(SendStatus.Unknown, (await stage.SendAsync()).Status);
    }

    [Theory]
    [InlineData("<html>Welcome to the hotel</html>")]
    [InlineData("{\"half\":")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\\ud800\"")]
    [InlineData("""{"sid":"\ud800","message_uuid":"\ud800","name":"\ud800","id":"\ud800","msg_id":"\ud800","success":true,"messages":[{"status":"\ud800"}]}""")]
    [InlineData("""[{"status":"sent","_id":"\ud800"}]""")]
    public async Task A_success_that_cannot_be_read_is_taken_for_what_it_is(string body)
    {
        await using var stage = await StageAsync(request => new VendorAnswer(Vendor.Accepts(request).Status, body));

        Assert.Equal(Vendor.Unreadable, (await stage.SendAsync()).Status);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    public async Task A_server_error_without_a_word_is_no_success_and_no_blame(int status)
    {
        await using var stage = await StageAsync(_ => new VendorAnswer(status, "<html>oops</html>"));

        Assert.Equal(status == 500 ? Vendor.Silent500 ?? Vendor.Silent503 : Vendor.Silent503, (await stage.SendAsync()).Status);
    }

    /// A gateway in front of a vendor has members of the same names, and other things in them.
    [Theory]
    [InlineData("""{"code":"INTERNAL","error":"x","errors":"x","message":7,"messages":"x","type":7,"name":7,"status":[],"reason":7,"info":"x","timestamp":"x"}""")]
    [InlineData("""{"code":null,"error":null,"errors":null,"message":null,"messages":null,"type":null,"name":null,"status":null,"reason":null,"info":null}""")]
    [InlineData("""{"code":{},"error":{"code":"x","message":7,"status":7,"details":"x"},"errors":[7],"messages":[7],"errno":"x","info":{"failed":"x"}}""")]
    [InlineData("""{"code":1e99,"error":{"code":1e99,"details":[7,{"@type":7,"fieldViolations":7}]},"errors":[{"field":7,"message":7}],"errno":1e99,"invalid_parameters":7}""")]
    public async Task However_odd_the_types_in_an_answer_it_is_an_outcome_and_no_exception(string body)
    {
        await using var stage = await StageAsync(_ => new VendorAnswer(502, body));

        Assert.Contains((await stage.SendAsync()).Status, new[] { SendStatus.Unknown, SendStatus.Transient });
    }

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("0", 1.0)]
    [InlineData("99999999999", 3600.0)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("NaN", null)]
    [InlineData("DATE", 3600.0)]
    public async Task However_oddly_the_vendor_asks_to_wait_it_is_waited_for(string header, double? seconds)
    {
        var value = header == "DATE" ? TimeProvider.System.GetUtcNow().AddDays(2).ToString("r", CultureInfo.InvariantCulture) : header;
        await using var stage = await StageAsync(_ =>
            Vendor.Refuses[SendStatus.Throttled] with { Headers = new Dictionary<string, string> { ["Retry-After"] = value } });

        var outcome = await stage.SendAsync();

        Assert.Equal(SendStatus.Throttled, outcome.Status);
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : Vendor.UsualWait, outcome.RetryAfter);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [Bar("S31")]
    public async Task An_answer_never_chooses_whom_we_speak_to(int status)
    {
        await using var elsewhere = await VendorServer.StartAsync(HttpProtocols.Http1AndHttp2, TestRoot.ServerCertificate);
        await using var stage = await StageAsync(_ => new VendorAnswer(status, "", new Dictionary<string, string> { ["Location"] = elsewhere.Address.ToString() }));

        Assert.NotEqual(SendStatus.Accepted, (await stage.SendAsync()).Status);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Many_at_once_are_all_sent_each_once()
    {
        await using var stage = await StageAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => stage.SendAsync()));

        Assert.All(outcomes, outcome => Assert.Equal(SendStatus.Accepted, outcome.Status));
        Assert.Equal(AtOnce, stage.Sends.Count);
    }

    private HttpProtocols Protocols => Vendor.Http2Only ? HttpProtocols.Http2 : HttpProtocols.Http1AndHttp2;

    private async Task<Stage> StageAsync(Func<RecordedRequest, VendorAnswer>? answers = null)
    {
        var server = await VendorServer.StartAsync(Protocols, TestRoot.ServerCertificate);
        server.Answer = request => Vendor.Aside(request) ?? (answers ?? Vendor.Accepts)(request);
        return new Stage(Vendor, server, new ChannelsHost(Vendor.Settings(server.Address)), Discreet);
    }

    /// No outcome tells a secret, and each that is not a success tells why.
    private SendOutcome Discreet(SendOutcome outcome)
    {
        Assert.True(outcome.Status == SendStatus.Accepted || !string.IsNullOrWhiteSpace(outcome.Detail), "an operator must be told why");
        Assert.All(Vendor.Secrets, secret => Assert.DoesNotContain(secret, $"{outcome.Code} {outcome.Detail}", StringComparison.OrdinalIgnoreCase));
        return outcome;
    }

    /// The vendor's side, and the connector that is configured for it.
    private sealed class Stage(Connector vendor, VendorServer server, ChannelsHost channels, Func<SendOutcome, SendOutcome> check) : IAsyncDisposable
    {
        public IReadOnlyList<RecordedRequest> Sends => [.. server.Requests.Where(request => vendor.Aside(request) is null)];

        public async Task<SendOutcome> SendAsync(CancellationToken ct = default) => check(await SendAsync(channels, vendor.Message(server.Address), ct));

        public void Misbehave(Func<HttpContext, Task> how) => server.MisbehaveAt = request => vendor.Aside(request) is null ? how : null;

        public static Task<SendOutcome> SendAsync(ChannelsHost channels, OutboundMessage message, CancellationToken ct) => message switch
        {
            PushMessage push => channels.Provider<PushMessage>().SendAsync(push, ct),
            SmsMessage sms => channels.Provider<SmsMessage>().SendAsync(sms, ct),
            EmailMessage email => channels.Provider<EmailMessage>().SendAsync(email, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(message)),
        };

        public async ValueTask DisposeAsync()
        {
            await channels.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
