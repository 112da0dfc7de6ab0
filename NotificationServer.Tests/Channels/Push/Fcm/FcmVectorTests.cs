using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Push.Fcm;

public sealed class FcmVectorTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1700000000);

    private static readonly PushMessage Order = FcmHost.Message() with
    {
        Title = "Order shipped", Body = "Parcel leaves today 📦", Image = new Uri("https://cdn.example.com/p.png"),
        Data = Json("""{"orderId":"1042","deepLink":"app://orders/1042"}"""),
        CollapseKey = "order-1042", AppId = "com.example.app", TimeToLive = TimeSpan.FromHours(1),
        Badge = 3, Sound = "default", Category = "OPEN_ORDER",
        AndroidNotification = Json("""
            {"color":"#ff8800","icon":"ic_push","visibility":"PRIVATE","channel_id":"orders","notification_priority":"PRIORITY_HIGH"}
            """),
    };

    [Fact]
    public async Task The_first_send_fetches_a_token_with_a_signed_assertion_and_uses_it()
    {
        var vector = Vector.Load("fcm-oauth-and-send-token");
        await using var host = await FcmHost.StartAsync(new SteppedClock(Start));

        var outcome = await host.Fcm.SendAsync(Order, CancellationToken.None);

        Assert.Equal(SendOutcome.Accepted("projects/demo-project/messages/0:1500415314455276%31bd1c9631"), outcome);
        var grant = Assert.Single(host.Google.Requests);
        Assert.Equal((vector[0].Method, vector[0].Path), (grant.Method, grant.Path));
        Assert.Equal(vector[0].Form["grant_type"], grant.Form["grant_type"]);
        var (header, claims) = FcmHost.Verified(grant.Form["assertion"]);
        var expected = Vector.Read("jwt-constructions")["fcm"]!;
        expected["claims"]!["aud"] = host.TokenUri.ToString();
        Assert.True(JsonNode.DeepEquals(expected["header"], header), header.ToJsonString());
        Assert.True(JsonNode.DeepEquals(expected["claims"], claims), claims.ToJsonString());
        var send = Assert.Single(host.Server.Requests);
        Assert.Equal((vector[1].Method, vector[1].Path), (send.Method, send.Path));
        Assert.Equal(vector[1].Headers["authorization"], send.Headers["authorization"]);
        Assert.Equal("application/json; charset=utf-8", send.Headers["content-type"]);
    }

    [Fact]
    public async Task An_android_device_gets_what_the_vendors_SDK_would_have_sent_it()
    {
        await using var host = await FcmHost.StartAsync(new SteppedClock(Start));

        await host.Fcm.SendAsync(Order, CancellationToken.None);

        var expected = Expected();
        // The other systems' blocks have tests of their own, the analytics label is not ours.
        foreach (var other in new[] { "apns", "webpush", "fcmOptions" }) expected.AsObject().Remove(other);
        expected["android"]!.AsObject().Remove("fcmOptions");
        AssertSame(expected, host.Server.Requests.Single().Json["message"]!);
    }

    [Fact]
    public async Task An_apple_device_gets_its_block_and_its_alert_once()
    {
        await using var host = await FcmHost.StartAsync(new SteppedClock(DateTimeOffset.FromUnixTimeSeconds(1899990000)));
        var message = Order with
        {
            Channel = Channel.IosPush, Body = "Parcel leaves today", Sound = "ping.aiff", Category = "ORDER", ThreadId = "orders",
            TimeToLive = null, ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1900000000),
        };

        await host.Fcm.SendAsync(message, CancellationToken.None);

        var sent = host.Server.Requests.Single().Json["message"]!;
        var expected = Expected();
        expected["apns"]!["payload"]!.AsObject().Remove("custom"); // ours travels in data
        AssertSame(expected["apns"]!["headers"]!, sent["apns"]!["headers"]!);
        AssertSame(expected["apns"]!["payload"]!, sent["apns"]!["payload"]!);
        AssertSame(expected["apns"]!["fcmOptions"]!, sent["apns"]!["fcm_options"]!);
        AssertSame(expected["data"]!, sent["data"]!);
        Assert.Equal(["token", "data", "apns"], sent.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task A_browser_gets_its_headers_and_its_link()
    {
        await using var host = await FcmHost.StartAsync(new SteppedClock(Start));
        var message = Order with { Channel = Channel.WebPush, CollapseKey = "order1042", Link = new Uri("https://example.com/orders/1042") };

        await host.Fcm.SendAsync(message, CancellationToken.None);

        var sent = host.Server.Requests.Single().Json["message"]!;
        AssertSame(Expected()["webpush"]!["headers"]!, sent["webpush"]!["headers"]!);
        AssertSame(Expected()["webpush"]!["fcmOptions"]!, sent["webpush"]!["fcm_options"]!);
        AssertSame(Expected()["notification"]!, sent["notification"]!);
    }

    [Theory]
    [InlineData("fcm-error-quota", "Throttled", "QUOTA_EXCEEDED", 60.0)]
    [InlineData("fcm-error-unregistered", "AddressDead", "UNREGISTERED", null)]
    public async Task A_captured_refusal_is_understood(string name, string status, string code, double? seconds)
    {
        var vector = Vector.Load(name)[0];
        await using var host = await FcmHost.StartAsync();
        host.Server.Answer = _ => vector.Answer;

        var outcome = await host.Fcm.SendAsync(FcmHost.Message() with { Background = true, Title = null, Data = Json("""{"a":"b"}""") }, CancellationToken.None);

        Assert.Equal((status, code, seconds), (outcome.Status.ToString(), outcome.Code, outcome.RetryAfter?.TotalSeconds));
        var sent = host.Server.Requests.Single().Json["message"]!.AsObject();
        sent.Remove("android"); // how urgent and how long, which the vector leaves to FCM
        AssertSame(vector.Json["message"]!, sent);
    }

    [Fact]
    public async Task Data_is_text_to_text_whatever_it_was()
    {
        await using var host = await FcmHost.StartAsync();

        await host.Fcm.SendAsync(FcmHost.Message() with { Data = Json("""{"n":1.50,"b":true,"o":{"x":[1]},"s":"é","z":null}""") }, CancellationToken.None);

        AssertSame(JsonNode.Parse("""{"n":"1.50","b":"true","o":"{\"x\":[1]}","s":"é","z":"null"}""")!, host.Server.Requests.Single().Json["message"]!["data"]!);
    }

    private static JsonNode Expected() => Vector.Load("fcm-oauth-and-send-token")[1].Json["message"]!.DeepClone();

    private static void AssertSame(JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected.ToJsonString()}\nactual {actual.ToJsonString()}");

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
