using System.Globalization;
using NotificationServer.Channels;
using NotificationServer.Channels.Sms.Vonage;

namespace NotificationServer.Tests.Channels.Sms.Vonage;

public sealed class VonageErrorTests : IAsyncLifetime
{
    private VendorServer server = null!;

    public static TheoryData<int, string, string> MessageRows => Outcomes.Rows("vonage-messages", row =>
        row.Note.StartsWith("outcome unknown", StringComparison.Ordinal) ? SendStatus.Unknown : Outcomes.Of(row));

    public static TheoryData<int, string, string> SmsRows => Outcomes.Rows("vonage-sms");

    public async Task InitializeAsync() => server = await VendorServer.StartHttp1Async();
    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [MemberData(nameof(MessageRows))]
    public async Task Every_documented_answer_of_the_Messages_API_has_its_documented_meaning(int http, string code, string status)
    {
        Assert.Equal("", code);
        server.Answer = _ => new VendorAnswer(http, http == 202 ? """{"message_uuid":"u"}""" : "");

        Assert.Equal(status, (await SendAsync()).Status.ToString());
    }

    [Theory]
    [MemberData(nameof(SmsRows))]
    public async Task Every_documented_status_of_the_SMS_API_has_its_documented_meaning(int http, string code, string status)
    {
        server.Answer = _ => new VendorAnswer(http, $$"""{"message-count":"1","messages":[{"message-id":"m","status":"{{code}}"}]}""");

        Assert.Equal(status, (await SendAsync("Sms")).Status.ToString());
    }

    [Fact]
    public void Every_code_of_the_Messages_API_has_its_documented_meaning()
    {
        var rows = Vector.AllRows("vonage-messages-status");
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(Outcomes.Of(row), VonageCodes.StatusOfMessages(row.Code.GetInt32())));
    }

    [Fact]
    public async Task A_number_that_is_none_is_dead()
    {
        server.Answer = _ => Vector.Load("vonage-error-messages-422")[0].Answer;

        var outcome = await SendAsync();

        Assert.Equal((SendStatus.AddressDead, "1170"), (outcome.Status, outcome.Code));
    }

    [Fact]
    public async Task Another_wrong_parameter_kills_no_number()
    {
        server.Answer = _ => new VendorAnswer(422,
            """{"type":"https://developer.vonage.com/api-errors/messages#1170","title":"Invalid params","invalid_parameters":[{"name":"from","reason":"x"}]}""");

        Assert.Equal(SendStatus.Permanent, (await SendAsync()).Status);
    }

    [Fact]
    public async Task Too_many_requests_are_not_the_messages_fault()
    {
        server.Answer = _ => Vector.Load("vonage-error-messages-429")[0].Answer;

        var outcome = await SendAsync();

        Assert.Equal((SendStatus.Throttled, "1000"), (outcome.Status, outcome.Code));
    }

    [Theory]
    [InlineData("0,0,0", nameof(SendStatus.Accepted))]
    [InlineData("1,1,1", nameof(SendStatus.Throttled))]
    // Some of it is out: a repeat would send that twice.
    [InlineData("0,5,0", nameof(SendStatus.Unknown))]
    [InlineData("0,0,9", nameof(SendStatus.Unknown))]
    public async Task Every_part_of_a_long_text_counts(string statuses, string expected)
    {
        var parts = statuses.Split(',').Select((status, i) => string.Create(CultureInfo.InvariantCulture, $$"""{"message-id":"m{{i}}","status":"{{status}}"}"""));
        server.Answer = _ => new VendorAnswer(200, $$"""{"message-count":"3","messages":[{{string.Join(',', parts)}}]}""");

        Assert.Equal(expected, (await SendAsync("Sms")).Status.ToString());
    }

    [Theory]
    [InlineData("Messages", 202, "{}", nameof(SendStatus.Unknown))]
    [InlineData("Messages", 500, """{"type":"https://developer.vonage.com/api-errors/messages#1100"}""", nameof(SendStatus.Transient))]
    [InlineData("Sms", 200, """{"messages":[]}""", nameof(SendStatus.Unknown))]
    [InlineData("Sms", 200, "not JSON", nameof(SendStatus.Unknown))]
    [InlineData("Sms", 500, "", nameof(SendStatus.Unknown))]
    [InlineData("Sms", 503, "", nameof(SendStatus.Transient))]
    [InlineData("Sms", 401, "", nameof(SendStatus.Misconfigured))]
    public async Task What_is_not_a_yes_is_not_told_as_one(string api, int http, string body, string expected)
    {
        server.Answer = _ => new VendorAnswer(http, body);

        Assert.Equal(expected, (await SendAsync(api)).Status.ToString());
    }

    private async Task<SendOutcome> SendAsync(string api = "Messages")
    {
        await using var channels = new ChannelsHost(new()
        {
            ["Channels:Vonage:Api"] = api, ["Channels:Vonage:BaseAddress"] = server.Address.ToString(), ["Channels:Vonage:SmsBaseAddress"] = server.Address.ToString(),
            ["Channels:Vonage:ApiKey"] = "k", ["Channels:Vonage:ApiSecret"] = "s", ["Channels:Vonage:From"] = "Acme",
        });
        return await channels.Provider<SmsMessage>().SendAsync(
            new() { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+447700900000", Text = "x" }, CancellationToken.None);
    }
}
