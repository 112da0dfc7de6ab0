using System.Globalization;
using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Email.SendGrid;

public sealed class SendGridTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1700000000);

    private VendorServer server = null!;
    private ChannelsHost channels = null!;

    public static TheoryData<int, string, string> Rows => Outcomes.Rows("sendgrid-api", row =>
        row.Http == 200 || row.Note.StartsWith("outcome unknown", StringComparison.Ordinal) ? SendStatus.Unknown : Outcomes.Of(row));

    public async Task InitializeAsync()
    {
        server = await VendorServer.StartHttp1Async();
        channels = new ChannelsHost(
            new()
            {
                ["Channels:SendGrid:BaseAddress"] = server.Address.ToString(),
                ["Channels:SendGrid:ApiKey"] = "SG.testkeyid.testkeysecret",
                ["Channels:SendGrid:From"] = "news@mail.example.org",
            },
            new SteppedClock(Now));
    }

    public async Task DisposeAsync()
    {
        await channels.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_is_told_as_the_vendors_SDK_tells_it_and_carries_our_id()
    {
        var vector = Vector.Load("sendgrid-single")[0];
        server.Answer = _ => vector.Answer;
        var message = Message() with
        {
            ToName = "Ann É", FromName = "Example", Subject = "Receipt ✓", Text = "Plain", Html = "<p>Rich</p>", ReplyTo = "help@example.org",
            From = "news@mail.example.org",
            Headers = new Dictionary<string, string>
            {
                ["List-Unsubscribe"] = "<https://u.example.org/o/abc>, <mailto:u+abc@example.org>",
                ["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click",
            },
        };

        var outcome = await SendAsync(message);

        Assert.Equal(SendOutcome.Accepted("MOCKmessageId0000000001"), outcome);
        var sent = Assert.Single(server.Requests);
        Assert.Equal((vector.Method, vector.Path), (sent.Method, sent.Path));
        foreach (var name in new[] { "authorization", "accept", "content-type" }) Assert.Equal(vector.Headers[name], sent.Headers[name]);
        // The SDK also puts the mail's headers on the HTTP request; that is its mistake.
        Assert.False(sent.Headers.ContainsKey("list-unsubscribe"));
        var expected = vector.Json.DeepClone().AsObject();
        foreach (var notOurs in new[] { "categories", "asm", "batch_id", "ip_pool_name" }) expected.Remove(notOurs);
        expected["custom_args"] = new JsonObject { ["message_id"] = message.Id.ToString("D") };
        Assert.True(JsonNode.DeepEquals(expected, sent.Json), sent.Body);
    }

    [Fact]
    public async Task A_sender_that_is_not_verified_is_told_as_a_refusal_and_kills_no_address()
    {
        var vector = Vector.Load("sendgrid-error-400")[0];
        server.Answer = _ => vector.Answer;

        Assert.Equal((SendStatus.Permanent, "http_400"), await StatusAsync());
        var sent = server.Requests.Single().Json.AsObject();
        foreach (var always in new[] { "custom_args", "tracking_settings" }) sent.Remove(always);
        Assert.True(JsonNode.DeepEquals(vector.Json, sent), sent.ToJsonString());
    }

    [Fact]
    public async Task What_sandbox_mode_answers_is_no_success_for_a_real_mail()
    {
        server.Answer = _ => Vector.Load("sendgrid-sandbox-attachment")[0].Answer;

        Assert.Equal(SendStatus.Unknown, (await StatusAsync()).Status);
    }

    [Fact]
    public async Task An_address_that_is_not_valid_is_dead()
    {
        server.Answer = _ => new VendorAnswer(400, """{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"}]}""");

        Assert.Equal(SendStatus.AddressDead, (await StatusAsync()).Status);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_documented_answer_has_its_documented_meaning(int http, string code, string status)
    {
        Assert.Equal("", code);
        server.Answer = _ => new VendorAnswer(http, Headers: http == 202 ? new Dictionary<string, string> { ["X-Message-Id"] = "m" } : null);

        Assert.Equal(status, (await StatusAsync()).Status.ToString());
    }

    [Fact]
    public async Task A_server_error_that_says_why_was_a_refusal()
    {
        server.Answer = _ => new VendorAnswer(500, """{"errors":[{"message":"try later","field":null}]}""");

        Assert.Equal(SendStatus.Transient, (await StatusAsync()).Status);
    }

    [Fact]
    public async Task Too_many_requests_wait_for_the_reset_that_SendGrid_names()
    {
        var reset = Now.AddSeconds(30).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        server.Answer = _ => new VendorAnswer(429, Headers: new Dictionary<string, string> { ["X-RateLimit-Reset"] = reset });

        var outcome = await SendAsync(Message());

        Assert.Equal((SendStatus.Throttled, TimeSpan.FromSeconds(30)), (outcome.Status, outcome.RetryAfter));
    }

    private Task<SendOutcome> SendAsync(EmailMessage message) => channels.Provider<EmailMessage>().SendAsync(message, CancellationToken.None);

    private async Task<(SendStatus Status, string? Code)> StatusAsync()
    {
        var outcome = await SendAsync(Message());
        return (outcome.Status, outcome.Code);
    }

    private static EmailMessage Message() =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "s", Text = "t" };
}
