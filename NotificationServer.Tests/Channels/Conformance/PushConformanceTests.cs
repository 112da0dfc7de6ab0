using NotificationServer.Channels;
using NotificationServer.Tests.Channels.Push.Apns;
using NotificationServer.Tests.Channels.Push.Fcm;
using NotificationServer.Tests.Channels.Push.JPush;
using NotificationServer.Tests.Channels.Push.Pushy;
using NotificationServer.Tests.Channels.Push.WebPush;

namespace NotificationServer.Tests.Channels.Conformance;

public sealed class ApnsConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = ApnsHost.Settings,
        Message = _ => ApnsHost.Message("words"),
        Accepts = _ => new VendorAnswer(200, Headers: new Dictionary<string, string> { ["apns-id"] = "EEC1A2B3" }),
        MessageId = "EEC1A2B3",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429, """{"reason":"TooManyRequests"}"""),
            [SendStatus.Transient] = new(503, """{"reason":"Shutdown"}"""),
            [SendStatus.Permanent] = new(400, """{"reason":"BadPriority"}"""),
            [SendStatus.AddressDead] = new(410, """{"reason":"Unregistered"}"""),
            [SendStatus.Misconfigured] = new(403, """{"reason":"InvalidProviderToken"}"""),
        },
        Secrets = [ApnsHost.Message().Token, "words", "bearer"],
        Http2Only = true,
    };
}

public sealed class FcmConformanceTests : ConformanceTests
{
    private const string TokenPath = "/oauth/token";

    private protected override Connector Vendor { get; } = new()
    {
        Settings = address => FcmHost.Settings(address, new Uri(address, TokenPath)),
        Message = _ => FcmHost.Message() with { Body = "words" },
        Aside = request => request.Path == TokenPath ? new VendorAnswer(200, """{"access_token":"ya29.secret","expires_in":3599,"token_type":"Bearer"}""") : null,
        Accepts = _ => new VendorAnswer(200, """{"name":"projects/p/messages/1"}"""),
        MessageId = "projects/p/messages/1",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429, """{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}"""),
            [SendStatus.Transient] = new(503, """{"error":{"code":503,"status":"UNAVAILABLE"}}"""),
            [SendStatus.Permanent] = new(400, """{"error":{"code":400,"status":"INVALID_ARGUMENT"}}"""),
            [SendStatus.AddressDead] = new(404, """{"error":{"code":404,"status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}}"""),
            [SendStatus.Misconfigured] = new(403, """{"error":{"code":403,"status":"PERMISSION_DENIED"}}"""),
        },
        Secrets = [FcmHost.Message().Token, "words", "ya29.secret"],
        UsualWait = TimeSpan.FromSeconds(60),
    };
}

public sealed class WebPushConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = WebPushHost.Settings,
        Message = address => WebPushHost.MessageTo(new Uri(address, WebPushHost.Path).ToString(), "words"),
        Accepts = _ => new VendorAnswer(201, "", new Dictionary<string, string> { ["Location"] = "/m/1" }),
        MessageId = "/m/1",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429),
            [SendStatus.Transient] = new(503, """{"code":503,"errno":201,"error":"x"}"""),
            [SendStatus.Permanent] = new(400, """{"code":400,"errno":110,"error":"x"}"""),
            [SendStatus.AddressDead] = new(410, """{"code":410,"errno":106,"error":"Gone"}"""),
            [SendStatus.Misconfigured] = new(403),
        },
        Secrets = [WebPushHost.Path, "127.0.0.1", "words", "vapid t="],
        // The status alone tells: a push service stores what it has answered 201 to, and has no body for it.
        Unreadable = SendStatus.Accepted,
    };
}

public sealed class JPushConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = JPushTests.Settings,
        Message = _ => JPushTests.Message(Channel.AndroidPush) with { Body = "words" },
        Accepts = _ => new VendorAnswer(200, """{"sendno":"0","msg_id":"1828256757"}"""),
        MessageId = "1828256757",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429, """{"error":{"code":2002,"message":"x"}}"""),
            [SendStatus.Transient] = new(503, """{"error":{"code":1030,"message":"x"}}"""),
            [SendStatus.Permanent] = new(400, """{"error":{"code":1002,"message":"x"}}"""),
            [SendStatus.AddressDead] = new(400, """{"error":{"code":1011,"message":"x"}}"""),
            [SendStatus.Misconfigured] = new(401, """{"error":{"code":1004,"message":"x"}}"""),
        },
        Secrets = [JPushTests.Message(Channel.AndroidPush).Token, "words", JPushTests.Settings(new Uri("https://x"))["Channels:JPush:MasterSecret"]!],
        UsualWait = TimeSpan.FromSeconds(60),
    };
}

public sealed class PushyConformanceTests : ConformanceTests
{
    private protected override Connector Vendor { get; } = new()
    {
        Settings = PushyTests.Settings,
        Message = _ => PushyTests.Message(Channel.AndroidPush) with { Body = "words" },
        Accepts = _ => new VendorAnswer(200, """{"success":true,"id":"5ea9b214b47cad768a35f13a","info":{"devices":1}}"""),
        MessageId = "5ea9b214b47cad768a35f13a",
        Refuses = new Dictionary<SendStatus, VendorAnswer>
        {
            [SendStatus.Throttled] = new(429, """{"code":"RATE_LIMIT_EXCEEDED","error":"x"}"""),
            [SendStatus.Transient] = new(500, """{"code":"INTERNAL_SERVER_ERROR","error":"x"}"""),
            [SendStatus.Permanent] = new(400, """{"code":"INVALID_PARAM","error":"x"}"""),
            [SendStatus.AddressDead] = new(400, """{"code":"NO_RECIPIENTS","error":"x"}"""),
            [SendStatus.Misconfigured] = new(401, """{"code":"INVALID_API_KEY","error":"x"}"""),
        },
        Secrets = [PushyTests.Message(Channel.AndroidPush).Token, "words", PushyTests.Settings(new Uri("https://x"))["Channels:Pushy:ApiKey"]!],
    };
}
