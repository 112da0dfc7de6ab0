using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Email.Mailchimp;

public sealed class MailchimpTests : IAsyncLifetime
{
    private VendorServer server = null!;
    private ChannelsHost channels = null!;

    public async Task InitializeAsync()
    {
        server = await VendorServer.StartHttp1Async();
        channels = new ChannelsHost(new()
        {
            ["Channels:Mailchimp:BaseAddress"] = server.Address.ToString(),
            ["Channels:Mailchimp:ApiKey"] = Vector.Load("mandrill-send").Input("apiKey"),
            ["Channels:Mailchimp:From"] = "news@mail.example.org", ["Channels:Mailchimp:FromName"] = "Example",
            ["Channels:Mailchimp:Subaccount"] = "cust-1",
        });
    }

    public async Task DisposeAsync()
    {
        await channels.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_is_told_as_the_vendors_SDK_tells_it_and_carries_our_id()
    {
        var vector = Vector.Load("mandrill-send")[0];
        server.Answer = _ => vector.Answer;
        var message = Message() with
        {
            ToName = "Ann", Subject = "Hello", Text = "Hi", Html = "<p>Hi</p>", ReplyTo = "help@example.org", Unsubscribe = "https://u.example.org/o/abc",
        };

        var outcome = await SendAsync(message);

        Assert.Equal(SendOutcome.Accepted("111111111111111111111111111111aa"), outcome);
        var sent = Assert.Single(server.Requests);
        Assert.Equal((vector.Method, vector.Path, "application/json"), (sent.Method, sent.Path, sent.Headers["content-type"]));
        var expected = vector.Json.DeepClone().AsObject();
        var mail = expected["message"]!.AsObject();
        foreach (var notOurs in new[] { "tags", "recipient_metadata", "merge_language", "global_merge_vars" }) mail.Remove(notOurs);
        mail["metadata"] = new JsonObject { ["message_id"] = message.Id.ToString("D") };
        // Beside what the SDK was told: no content in their log, no merge tags in ours.
        (mail["view_content_link"], mail["merge"]) = (false, false);
        Assert.True(JsonNode.DeepEquals(expected, sent.Json), sent.Body);
    }

    [Fact]
    public async Task A_recipient_on_their_list_is_not_written_to_again()
    {
        server.Answer = _ => Vector.Load("mandrill-send-template")[0].Answer;

        Assert.Equal((SendStatus.AddressDead, "hard-bounce"), await StatusAsync());
    }

    [Fact]
    public async Task A_wrong_key_is_ours_to_mend()
    {
        var vector = Vector.Load("mandrill-error-invalid-key")[0];
        server.Answer = _ => vector.Answer;

        Assert.Equal((SendStatus.Misconfigured, "Invalid_Key"), await StatusAsync());
    }

    [Fact]
    public async Task A_key_is_checked_as_the_vendors_SDK_checks_it()
    {
        var vector = Vector.Load("mandrill-ping")[0];
        server.Answer = _ => vector.Answer;
        var check = (ICredentialCheck)channels.Provider<EmailMessage>();

        Assert.Equal(SendStatus.Accepted, (await check.CheckAsync(CancellationToken.None)).Status);
        var sent = Assert.Single(server.Requests);
        Assert.Equal((vector.Method, vector.Path), (sent.Method, sent.Path));
        Assert.True(JsonNode.DeepEquals(vector.Json, sent.Json), sent.Body);

        server.Answer = _ => Vector.Load("mandrill-error-invalid-key")[0].Answer;
        Assert.Equal(SendStatus.Misconfigured, (await check.CheckAsync(CancellationToken.None)).Status);
    }

    public static TheoryData<string, string, string> ApiRows()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var row in Vector.AllRows("mandrill-api")) data.Add(row.Status.ToString(), row.Code.ToString(), Outcomes.Of(row).ToString());
        return data;
    }

    [Theory]
    [MemberData(nameof(ApiRows))]
    public async Task Every_documented_error_has_its_documented_meaning_whatever_its_status(string http, string name, string status)
    {
        foreach (var code in int.TryParse(http, out var one) ? [one] : new[] { 400, 401, 402, 500 })
        {
            server.Answer = _ => new VendorAnswer(code, name.Length > 0 ? $$"""{"status":"error","code":-1,"name":"{{name}}","message":"x"}"""
                : code == 200 ? """[{"email":"ann@example.com","status":"sent","_id":"i"}]""" : "");

            Assert.Equal(status, (await StatusAsync()).Status.ToString());
        }
    }

    /// `queued: a / b` is two answers, `sent / queued` is two as well.
    public static TheoryData<string, string, string> RecipientRows()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var row in Vector.AllRows("mandrill-recipient"))
        {
            var (first, rest) = row.Code.GetString()!.Split(": ") switch { [var status, var reasons] => (status, reasons), var whole => ("", whole[0]) };
            foreach (var word in rest.Split(" / ")) data.Add(first.Length > 0 ? first : word, first.Length > 0 ? word : "", Outcomes.Of(row).ToString());
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(RecipientRows))]
    public async Task Every_documented_status_of_a_recipient_has_its_documented_meaning(string recipient, string reason, string status)
    {
        var member = recipient == "queued" ? "queued_reason" : "reject_reason";
        server.Answer = _ => new VendorAnswer(200, $$"""[{"email":"ann@example.com","status":"{{recipient}}","_id":"i","{{member}}":{{(reason.Length > 0 ? $"\"{reason}\"" : "null")}}}]""");

        Assert.Equal(status, (await StatusAsync()).Status.ToString());
    }

    [Theory]
    [InlineData(200, "[]")]
    [InlineData(200, "not JSON")]
    [InlineData(200, """[{"email":"a@b.example","status":"sent"}]""")]
    [InlineData(200, """[{"email":"a@b.example","status":"something new","_id":"i"}]""")]
    [InlineData(500, "")]
    [InlineData(504, "<html>")]
    public async Task What_says_neither_yes_nor_no_is_unknown(int http, string body)
    {
        server.Answer = _ => new VendorAnswer(http, body);

        Assert.Equal(SendStatus.Unknown, (await StatusAsync()).Status);
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
