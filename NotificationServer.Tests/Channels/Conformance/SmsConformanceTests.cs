using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Conformance;

public sealed class TwilioConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = address => new()
        {
            ["Channels:Twilio:BaseAddress"] = address.ToString(), ["Channels:Twilio:AccountSid"] = "AC1", ["Channels:Twilio:AuthToken"] = "s3cret",
            ["Channels:Twilio:From"] = "+15005550006",
        },
        Message = _ => Sms.Message,
        Accepts = _ => new VendorAnswer(201, """{"sid":"SM1"}"""),
        MessageId = "SM1",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429, """{"code":20429,"message":"x","status":429}"""),
            [SendStatus.Transient] = new(503, """{"code":20503,"message":"x","status":503}"""),
            [SendStatus.Permanent] = new(400, """{"code":21612,"message":"x","status":400}"""),
            [SendStatus.AddressDead] = new(400, """{"code":21610,"message":"x","status":400}"""),
            [SendStatus.Misconfigured] = new(401, """{"code":20003,"message":"x","status":401}"""),
        },
        Secrets = ["s3cret", "5558675310", "words"],
        // A message that was made before the answer went wrong would be paid twice.
        Silent503 = SendStatus.Unknown,
    };
}

public sealed class VonageConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = address => Sms.Vonage(address, "Messages"),
        Message = _ => Sms.Message,
        Accepts = _ => new VendorAnswer(202, """{"message_uuid":"aaaaaaaa"}"""),
        MessageId = "aaaaaaaa",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429, Problem(1000)),
            [SendStatus.Transient] = new(503, Problem(1100)),
            [SendStatus.Permanent] = new(422, Problem(1020)),
            [SendStatus.AddressDead] = new(422, Problem(1170)),
            [SendStatus.Misconfigured] = new(401),
        },
        Secrets = ["s3cret", "5558675310", "words"],
        Silent500 = SendStatus.Unknown,
    };

    private static string Problem(int code) => $$"""{"type":"https://developer.vonage.com/api-errors/messages#{{code}}","title":"x","detail":"x"}""";
}

public sealed class VonageSmsConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = address => Sms.Vonage(address, "Sms"),
        Message = _ => Sms.Message,
        Accepts = _ => Part("0"),
        MessageId = "m1",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = Part("1"),
            [SendStatus.Transient] = Part("5"),
            [SendStatus.Permanent] = Part("3"),
            [SendStatus.AddressDead] = Part("33"),
            [SendStatus.Misconfigured] = Part("4"),
        },
        Secrets = ["s3cret", "5558675310", "words"],
        Silent500 = SendStatus.Unknown,
    };

    private static VendorAnswer Part(string status) => new(200, $$"""{"message-count":"1","messages":[{"message-id":"m1","status":"{{status}}"}]}""");
}

file static class Sms
{
    public static SmsMessage Message { get; } = new() { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+15558675310", Text = "words" };

    public static Dictionary<string, string?> Vonage(Uri address, string api) => new()
    {
        ["Channels:Vonage:Api"] = api, ["Channels:Vonage:BaseAddress"] = address.ToString(), ["Channels:Vonage:SmsBaseAddress"] = address.ToString(),
        ["Channels:Vonage:ApiKey"] = "k", ["Channels:Vonage:ApiSecret"] = "s3cret", ["Channels:Vonage:From"] = "Acme",
    };
}
