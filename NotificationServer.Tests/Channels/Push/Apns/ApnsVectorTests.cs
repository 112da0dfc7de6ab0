using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Push.Apns;

public sealed class ApnsVectorTests
{
    private static readonly Guid Id = Guid.Parse("eec1a2b3-0000-4000-8000-000000000001");

    private static readonly Dictionary<string, PushMessage> Messages = new()
    {
        ["apns-alert"] = ApnsHost.Message() with
        {
            Id = Id,
            Title = "Order shipped", Subtitle = "Order 1042", Body = "Your parcel leaves today 📦",
            Badge = 3, Sound = "ping.aiff", Category = "ORDER", ThreadId = "orders", CollapseKey = "order-1042",
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1900000000),
            Data = Json("""{"orderId":"1042","deepLink":"app://orders/1042"}"""),
            Aps = Json("""{"mutable-content":1,"interruption-level":"time-sensitive","relevance-score":0.5}"""),
        },
        ["apns-background"] = ApnsHost.Message(body: null) with
        {
            Background = true, TimeToLive = TimeSpan.Zero, Data = Json("""{"sync":"inbox"}"""),
        },
        ["apns-critical-localized"] = ApnsHost.Message(body: null) with
        {
            Aps = Json("""
                {"alert":{"title-loc-key":"ALERT_TITLE","title-loc-args":["1042"],"loc-key":"ALERT_BODY","loc-args":["a","b"]},
                 "sound":{"critical":1,"name":"alarm.caf","volume":0.8}}
                """),
        },
        ["apns-sandbox-apns2"] = ApnsHost.Message() with
        {
            Title = "Hi", Body = "There", Sound = "default", Badge = 1, CollapseKey = "c1",
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1900000000), Data = Json("""{"k":"v"}"""),
        },
        ["apns-error-unregistered"] = ApnsHost.Message(),
    };

    [Theory]
    [InlineData("apns-alert", "Accepted")]
    [InlineData("apns-background", "Accepted")]
    [InlineData("apns-critical-localized", "Accepted")]
    [InlineData("apns-sandbox-apns2", "Accepted")]
    [InlineData("apns-error-unregistered", "AddressDead")]
    public async Task The_request_means_what_the_vendors_SDK_would_have_sent(string name, string status)
    {
        var expected = Vector.Load(name)[0];
        // Before the expiry in the vectors, so that it is passed on as it is.
        var clock = new SteppedClock(DateTimeOffset.FromUnixTimeSeconds(1899000000));
        await using var host = await ApnsHost.StartAsync(clock);
        host.Server.Answer = _ => expected.Answer;

        var outcome = await host.Apns.SendAsync(Messages[name], CancellationToken.None);

        Assert.Equal(status, outcome.Status.ToString());
        if (status == "Accepted") Assert.Equal(expected.Answer.Headers!["apns-id"], outcome.ProviderMessageId);
        else Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1735689600000), outcome.DeadSince); // as in its answer
        var request = Assert.Single(host.Server.Requests);
        Assert.Equal(("HTTP/2", expected.Method, expected.Path), (request.Protocol, request.Method, request.Path));
        AssertHeaders(expected.Headers, request.Headers);
        Assert.True(JsonNode.DeepEquals(expected.Json, request.Json), request.Body);
        var claims = ApnsHost.VerifiedClaims(request.Headers["authorization"]);
        Assert.Equal("DEF123GHIJ", claims["iss"]!.GetValue<string>());
        Assert.Equal(clock.GetUtcNow().ToUnixTimeSeconds(), claims["iat"]!.GetValue<long>());
        Assert.Equal(2, claims.AsObject().Count);
    }

    [Fact]
    public async Task The_token_says_what_the_construction_vector_says()
    {
        var expected = Vector.Read("jwt-constructions")["apns"]!;
        await using var host = await ApnsHost.StartAsync(new SteppedClock(DateTimeOffset.FromUnixTimeSeconds(1700000000)));

        await host.Apns.SendAsync(ApnsHost.Message(), CancellationToken.None);

        var authorization = Assert.Single(host.Server.Requests).Headers["authorization"];
        ApnsHost.VerifiedClaims(authorization);
        Assert.StartsWith("bearer " + expected["signingInput"]!.GetValue<string>() + ".", authorization, StringComparison.Ordinal);
    }

    private static void AssertHeaders(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual)
    {
        foreach (var (name, value) in expected)
            if (name is not "authorization" and not "content-length") Assert.Equal((name, value), (name, actual.GetValueOrDefault(name)));
        Assert.Equal(Guid.Parse(actual["apns-id"]).ToString("D"), actual["apns-id"]);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
