using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels.Push.WebPush;

public sealed class WebPushTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1700000000);

    public static TheoryData<int, string, string> Rows => Outcomes.Rows("webpush");

    private static readonly Dictionary<string, Func<PushMessage, PushMessage>> Asked = new()
    {
        ["webpush-aes128gcm-vapid"] = m => m with { Title = "Hi ✓", Body = "There", TimeToLive = TimeSpan.FromHours(1), CollapseKey = "order1042" },
        ["webpush-error-410"] = m => m with { Body = "x", Urgent = false },
        ["webpush-no-payload"] = m => m with { Body = null, Background = true, TimeToLive = TimeSpan.Zero },
    };

    [Theory]
    [InlineData("webpush-aes128gcm-vapid", "Accepted")]
    [InlineData("webpush-error-410", "AddressDead")]
    [InlineData("webpush-no-payload", "Accepted")]
    public async Task The_request_means_what_a_known_library_would_have_sent(string name, string status)
    {
        var vector = Vector.Load(name);
        await using var host = await WebPushHost.StartAsync(new SteppedClock(Now), new() { ["Subject"] = VapidOf(vector[0].Headers).Claims["sub"]!.GetValue<string>() });
        host.Server.Answer = _ => vector[0].Answer;

        var outcome = await host.WebPush.SendAsync(Asked[name](host.Message()), CancellationToken.None);

        Assert.Equal(status, outcome.Status.ToString());
        if (status == "Accepted") Assert.Equal(vector[0].Answer.Headers!["location"], outcome.ProviderMessageId);
        var sent = Assert.Single(host.Server.Requests);
        Assert.Equal(("HTTP/2", vector[0].Method, vector[0].Path), (sent.Protocol, sent.Method, sent.Path));
        foreach (var header in new[] { "ttl", "urgency", "content-encoding", "content-type" })
            Assert.Equal((header, vector[0].Headers.GetValueOrDefault(header)), (header, sent.Headers.GetValueOrDefault(header)));
        if (vector[0].Headers.TryGetValue("topic", out var topic)) Assert.Equal(topic, sent.Headers["topic"]);

        var ((claims, key), (expected, expectedKey)) = (VapidOf(sent.Headers), VapidOf(vector[0].Headers));
        Assert.Equal((expectedKey, expected["sub"]!.GetValue<string>()), (key, claims["sub"]!.GetValue<string>()));
        Assert.Equal(host.Server.Address.GetLeftPart(UriPartial.Authority), claims["aud"]!.GetValue<string>());
        Assert.Equal(Now.AddHours(12).ToUnixTimeSeconds(), claims["exp"]!.GetValue<long>());
        Assert.Equal(3, claims.AsObject().Count);
    }

    [Fact]
    public async Task What_the_browser_reads_is_what_the_vector_says_and_a_tag_by_which_a_repeat_replaces_it()
    {
        var vector = Vector.Read("webpush-aes128gcm-vapid");
        var expected = JsonNode.Parse(vector["decrypted"]!["plaintext"]!.GetValue<string>())!;
        await using var host = await WebPushHost.StartAsync();

        await host.WebPush.SendAsync(Asked["webpush-aes128gcm-vapid"](host.Message()), CancellationToken.None);

        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(WebPushHost.Decrypted(Convert.FromBase64String(vector["requests"]![0]!["bodyBase64"]!.GetValue<string>())))!.ToJsonString());
        expected["tag"] = "order1042";
        var read = JsonNode.Parse(WebPushHost.Decrypted(Assert.Single(host.Server.Requests).Bytes));
        Assert.True(JsonNode.DeepEquals(expected, read), read!.ToJsonString());
    }

    [Fact]
    public async Task Everything_that_a_worker_can_use_is_there_under_its_name()
    {
        await using var host = await WebPushHost.StartAsync();
        var message = host.Message() with
        {
            Title = "T", Image = new Uri("https://x.example/i.png"), Link = new Uri("https://x.example/o/1"), Badge = 3,
            Data = JsonSerializer.SerializeToElement(new { order = 7 }),
        };

        await host.WebPush.SendAsync(message, CancellationToken.None);

        Assert.Equal(
            $$$"""{"title":"T","body":"There","image":"https://x.example/i.png","url":"https://x.example/o/1","app_badge":3,"tag":"{{{message.Id:D}}}","data":{"order":7}}""",
            WebPushHost.Decrypted(host.Server.Requests[0].Bytes));
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task Every_documented_answer_has_its_documented_meaning(int http, string code, string status)
    {
        await using var host = await WebPushHost.StartAsync();
        var errno = new string([.. code.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        host.Server.Answer = _ => new VendorAnswer(http,
            code.Contains("Apple", StringComparison.Ordinal) ? $$"""{"reason":"{{code.Split(' ')[0]}}"}"""
            : errno.Length > 0 ? $$"""{"code":{{http}},"errno":{{errno}},"error":"x","message":"y"}""" : "");

        var outcome = await host.WebPush.SendAsync(host.Message(), CancellationToken.None);

        Assert.Equal(status, outcome.Status.ToString());
        if (code.Contains("errno", StringComparison.Ordinal)) Assert.Equal("errno_" + errno, outcome.Code);
    }

    [Theory]
    [InlineData(403, """{"reason":"VapidPkHashMismatch"}""")]
    [InlineData(403, "the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions.\n")]
    public async Task A_subscription_made_with_another_key_is_dead_and_our_keys_are_not_blamed(int http, string body)
    {
        await using var host = await WebPushHost.StartAsync();
        host.Server.Answer = _ => new VendorAnswer(http, body);

        Assert.Equal(SendStatus.AddressDead, (await host.WebPush.SendAsync(host.Message(), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_413_that_asks_to_wait_is_waited_for()
    {
        await using var host = await WebPushHost.StartAsync();
        host.Server.Answer = _ => new VendorAnswer(413, "", new Dictionary<string, string> { ["Retry-After"] = "30" });

        var outcome = await host.WebPush.SendAsync(host.Message(), CancellationToken.None);

        Assert.Equal((SendStatus.Throttled, TimeSpan.FromSeconds(30)), (outcome.Status, outcome.RetryAfter));
    }

    [Theory]
    [InlineData("https://127.0.0.1:1/x")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://localhost/x")]
    [InlineData("https://push.services.mozilla.com.evil.example/x")]
    [InlineData("https://evilpush.services.mozilla.com.example/x")]
    [InlineData("https://xpush.apple.com/x")]
    [InlineData("https://fcm.googleapis.com:8443/x")]
    [InlineData("https://[::1]/x")]
    [Bar("S31", "B57")]
    public async Task A_subscription_leads_to_a_known_push_service_or_nowhere(string endpoint)
    {
        await using var host = await WebPushHost.StartAsync();

        var outcome = await host.WebPush.SendAsync(WebPushHost.MessageTo(endpoint), CancellationToken.None);

        Assert.Equal((SendStatus.Permanent, "unknown_push_host"), (outcome.Status, outcome.Code));
        Assert.Empty(host.Server.Requests);
    }

    [Theory]
    [InlineData("https://updates.push.services.mozilla.com/wpush/v2/x")]
    [InlineData("https://fcm.googleapis.com/fcm/send/x")]
    [InlineData("https://web.push.apple.com/x")]
    [InlineData("https://wns2-par02p.notify.windows.com/w/?token=x")]
    public void The_services_of_the_big_browsers_are_known(string endpoint) =>
        Assert.True(new NotificationServer.Channels.Push.WebPush.PushHosts(NotificationServer.Channels.Push.WebPush.PushHosts.Known).Allow(new Uri(endpoint)));

    [Theory]
    [InlineData("é")]
    [InlineData("漢")]
    [InlineData("👩‍👩‍👧‍👦")]
    [Bar("B43")]
    public async Task A_text_that_is_too_long_is_shortened_between_characters_to_just_fit(string character)
    {
        await using var host = await WebPushHost.StartAsync();

        var outcome = await host.WebPush.SendAsync(host.Message(string.Concat(Enumerable.Repeat(character, 5000))) with { Title = "Zażółć" }, CancellationToken.None);

        Assert.Equal(SendStatus.Accepted, outcome.Status);
        var sent = Assert.Single(host.Server.Requests).Bytes;
        Assert.InRange(sent.Length, 4096 - 2 * Encoding.UTF8.GetByteCount(character) - 3, 4096);
        var body = JsonNode.Parse(WebPushHost.Decrypted(sent))!["body"]!.GetValue<string>();
        Assert.EndsWith("…", body, StringComparison.Ordinal);
        var characters = StringInfo.GetTextElementEnumerator(body[..^1]);
        while (characters.MoveNext()) Assert.Equal(character, characters.GetTextElement());
    }

    [Fact]
    public async Task The_limit_can_be_set_lower_for_browsers_behind_a_narrow_bridge()
    {
        await using var host = await WebPushHost.StartAsync(settings: new() { ["MaxPayload"] = "2744" });

        await host.WebPush.SendAsync(host.Message(new string('x', 5000)), CancellationToken.None);

        Assert.Equal(2744 + 103, Assert.Single(host.Server.Requests).Bytes.Length);
    }

    [Fact]
    public async Task What_cannot_be_shortened_is_refused_before_it_is_sent()
    {
        await using var host = await WebPushHost.StartAsync();
        var message = host.Message() with { Data = JsonSerializer.SerializeToElement(new { k = new string('x', 4000) }) };

        Assert.Equal((SendStatus.Permanent, "payload_too_large"), await CodeAsync(host, message));
        Assert.Empty(host.Server.Requests);
    }

    [Fact]
    public async Task One_token_serves_an_origin_for_six_hours_whatever_the_clock_does()
    {
        var clock = new SteppedClock(Now);
        await using var host = await WebPushHost.StartAsync(clock);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.WebPush.SendAsync(host.Message(), CancellationToken.None)));
        clock.Advance(TimeSpan.FromHours(5.9));
        await host.WebPush.SendAsync(host.Message(), CancellationToken.None);
        Assert.Single(host.Server.Requests.Select(request => request.Headers["authorization"]).Distinct());

        clock.Advance(TimeSpan.FromHours(0.2));
        await host.WebPush.SendAsync(host.Message(), CancellationToken.None);
        clock.Advance(TimeSpan.FromDays(-20));
        await host.WebPush.SendAsync(host.Message(), CancellationToken.None);
        Assert.Equal(3, host.Server.Requests.Select(request => request.Headers["authorization"]).Distinct().Count());
    }

    [Theory]
    [InlineData("Subject", "push@example.org")]
    [InlineData("PrivateKey", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")]
    [InlineData("PublicKey", "AAAA")]
    [InlineData("PrivateKey", "")]
    [InlineData("MoreHosts:1", "*")]
    public async Task Settings_that_no_push_service_would_take_stop_the_start(string name, string value)
    {
        var settings = WebPushHost.Settings(new Uri("https://127.0.0.1:1"));
        settings["Channels:WebPush:" + name] = value;
        await using var channels = new ChannelsHost(settings);

        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(channels.StartAsync);
        Assert.Contains("Channels:WebPush", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<(SendStatus, string?)> CodeAsync(WebPushHost host, PushMessage message)
    {
        var outcome = await host.WebPush.SendAsync(message, CancellationToken.None);
        return (outcome.Status, outcome.Code);
    }

    private static (JsonNode Claims, string Key) VapidOf(IReadOnlyDictionary<string, string> headers) => WebPushHost.VerifiedClaims(headers["authorization"]);
}
