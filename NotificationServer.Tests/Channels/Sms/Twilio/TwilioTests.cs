using NotificationServer.Channels;
using NotificationServer.Channels.Wire;

namespace NotificationServer.Tests.Channels.Sms.Twilio;

public sealed class TwilioTests : IAsyncLifetime
{
    private static readonly Vector Keys = Vector.Load("twilio-send-authtoken-from-number");

    private VendorServer server = null!;

    public static TheoryData<int, string, string> Rows => Outcomes.Rows("twilio-api", row =>
        // "Outcome unknown: the message may exist."
        row.Http >= 500 ? SendStatus.Unknown : Outcomes.Of(row));

    public async Task InitializeAsync() => server = await VendorServer.StartHttp1Async();
    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_account_and_a_number_are_told_as_the_vendors_SDK_tells_them()
    {
        await PlayAsync("twilio-send-authtoken-from-number", new() { ["AuthToken"] = Keys.Input("authToken"), ["From"] = "+15005550006" }, Message("Hello"));
    }

    [Fact]
    public async Task An_api_key_and_a_messaging_service_are_told_as_the_vendors_SDK_tells_them()
    {
        var settings = new Dictionary<string, string?>
        {
            ["ApiKeySid"] = Keys.Input("apiKeySid"), ["ApiKeySecret"] = Keys.Input("apiKeySecret"),
            // Both kinds of credentials: the key wins.
            ["AuthToken"] = Keys.Input("authToken"), ["MessagingServiceSid"] = "MG00112233445566778899aabbccddeeff",
        };
        var clock = new SteppedClock(DateTimeOffset.FromUnixTimeSeconds(1700000000));
        var message = Message("Your code is 1234 ✓ café & more") with { ExpiresAt = clock.GetUtcNow().AddSeconds(600) };

        await PlayAsync("twilio-send-apikey-messaging-service", settings, message, clock, notOurs: ["StatusCallback", "SmartEncoded"]);
    }

    [Fact]
    public async Task A_person_who_opted_out_is_not_written_to_again()
    {
        server.Answer = _ => Vector.Load("twilio-error-21610")[0].Answer;

        var outcome = await SendAsync(Message("Hello"));

        Assert.Equal((SendStatus.AddressDead, "21610"), (outcome.Status, outcome.Code));
        Assert.DoesNotContain("+1555", outcome.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_documented_answer_has_its_documented_meaning(int http, string code, string status)
    {
        server.Answer = _ => new VendorAnswer(http, http == 201 ? """{"sid":"SM1"}""" : code.Length == 0 ? "" : $$"""{"code":{{code}},"message":"x","status":{{http}}}""");

        Assert.Equal(status, (await SendAsync(Message("Hello"))).Status.ToString());
    }

    [Theory]
    [InlineData(502, "\"INTERNAL\"", "Unknown")]
    [InlineData(502, "null", "Unknown")]
    [InlineData(503, "[20503]", "Unknown")]
    [InlineData(503, "99999999999", "Unknown")]
    [InlineData(400, "\"21610\"", "Permanent")]
    [InlineData(201, "true", "Unknown")]
    public async Task A_code_that_is_no_number_of_Twilios_is_none(int http, string code, string status)
    {
        server.Answer = _ => new VendorAnswer(http, $$"""{"code":{{code}},"message":"x"}""");

        Assert.Equal(status, (await SendAsync(Message("Hello"))).Status.ToString());
    }

    [Fact]
    public async Task A_server_error_that_says_why_was_a_refusal()
    {
        server.Answer = _ => new VendorAnswer(503, """{"code":20503,"message":"x","status":503}""", new Dictionary<string, string> { ["Retry-After"] = "7" });

        var outcome = await SendAsync(Message("Hello"));

        Assert.Equal((SendStatus.Transient, TimeSpan.FromSeconds(7)), (outcome.Status, outcome.RetryAfter));
    }

    [Fact]
    public void Credentials_are_written_as_the_vectors_say()
    {
        foreach (var example in Vector.Read("basic-auth")["cases"]!.AsArray())
            Assert.Equal(
                example!["authorization"]!.GetValue<string>(),
                BasicAuthorization.Header(example["user"]!.GetValue<string>(), example["secret"]!.GetValue<string>()));
    }

    private async Task PlayAsync(string name, Dictionary<string, string?> settings, SmsMessage message, TimeProvider? clock = null, string[]? notOurs = null)
    {
        var vector = Vector.Load(name)[0];
        server.Answer = _ => vector.Answer;

        var outcome = await SendAsync(message, settings, clock);

        Assert.Equal(SendOutcome.Accepted("SM00000000000000000000000000000001"), outcome);
        var sent = Assert.Single(server.Requests);
        Assert.Equal((vector.Method, vector.Path), (sent.Method, sent.Path));
        Assert.Equal(vector.Headers["authorization"], sent.Headers["authorization"]);
        Assert.Equal(vector.Headers["content-type"], sent.Headers["content-type"]);
        Assert.Equal(vector.Form.Where(field => notOurs?.Contains(field.Key) is not true).OrderBy(f => f.Key), sent.Form.OrderBy(f => f.Key));
    }

    private async Task<SendOutcome> SendAsync(SmsMessage message, Dictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["Channels:Twilio:BaseAddress"] = server.Address.ToString(),
            ["Channels:Twilio:AccountSid"] = Keys.Input("accountSid"),
        };
        foreach (var (name, value) in settings ?? new() { ["AuthToken"] = "x", ["From"] = "+15005550006" }) all["Channels:Twilio:" + name] = value;
        await using var channels = new ChannelsHost(all, clock);
        return await channels.Provider<SmsMessage>().SendAsync(message, CancellationToken.None);
    }

    private static SmsMessage Message(string text) =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+15558675310", Text = text };
}
