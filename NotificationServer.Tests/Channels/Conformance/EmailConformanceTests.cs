using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Conformance;

public sealed class SendGridConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = address => new()
        {
            ["Channels:SendGrid:BaseAddress"] = address.ToString(), ["Channels:SendGrid:ApiKey"] = "SG.s3cret", ["Channels:SendGrid:From"] = "news@mail.example.org",
        },
        Message = _ => Mail.Message,
        Accepts = _ => new VendorAnswer(202, "", new Dictionary<string, string> { ["X-Message-Id"] = "m1" }),
        MessageId = "m1",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429),
            [SendStatus.Transient] = new(503),
            [SendStatus.Permanent] = new(400, """{"errors":[{"message":"x","field":"subject"}]}"""),
            [SendStatus.AddressDead] = new(400, """{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"}]}"""),
            [SendStatus.Misconfigured] = new(401),
        },
        Secrets = ["s3cret", "ann@example.com", "words"],
        Silent500 = SendStatus.Unknown,
    };
}

public sealed class MailchimpConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = address => new()
        {
            ["Channels:Mailchimp:BaseAddress"] = address.ToString(), ["Channels:Mailchimp:ApiKey"] = "md-s3cret", ["Channels:Mailchimp:From"] = "news@mail.example.org",
        },
        Message = _ => Mail.Message,
        Accepts = _ => new VendorAnswer(200, """[{"email":"ann@example.com","status":"sent","_id":"m1","reject_reason":null,"queued_reason":null}]"""),
        MessageId = "m1",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429),
            [SendStatus.Transient] = Named("ServiceUnavailable"),
            [SendStatus.Permanent] = Named("ValidationError"),
            [SendStatus.AddressDead] = new(200, """[{"email":"ann@example.com","status":"rejected","_id":"m1","reject_reason":"hard-bounce"}]"""),
            [SendStatus.Misconfigured] = Named("Invalid_Key"),
        },
        Secrets = ["s3cret", "ann@example.com", "words"],
        Silent500 = SendStatus.Unknown,
    };

    private static VendorAnswer Named(string name) => new(500, $$"""{"status":"error","code":-1,"name":"{{name}}","message":"x"}""");
}

file static class Mail
{
    public static EmailMessage Message { get; } =
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "words", Text = "words" };
}
