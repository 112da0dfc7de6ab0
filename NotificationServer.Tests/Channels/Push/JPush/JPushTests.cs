using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Push.JPush;

public sealed class JPushTests : IAsyncLifetime
{
    private static readonly Vector Keys = Vector.Load("jpush-push-regid");
    private static readonly Guid Id = Guid.Parse("eec1a2b3-0000-4000-8000-000000000001");

    private VendorServer server = null!;

    public static TheoryData<int, string, string> Rows => Outcomes.Rows("jpush");

    public async Task InitializeAsync()
    {
        server = await VendorServer.StartHttp2Async();
        server.Answer = _ => Keys[0].Answer;
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public static Dictionary<string, string?> Settings(Uri address) => new()
    {
        ["Channels:JPush:BaseAddress"] = address.ToString(),
        ["Channels:JPush:AppKey"] = Keys.Input("appKey"),
        ["Channels:JPush:MasterSecret"] = Keys.Input("masterSecret"),
    };

    internal static PushMessage Message(Channel channel) => new()
    {
        Id = Id, Channel = channel, PushProvider = "jpush", Token = "1104a89792a50e1a2b3", TimeToLive = TimeSpan.FromSeconds(60),
    };

    [Theory]
    [InlineData("android")]
    [InlineData("ios")]
    public async Task The_notification_is_told_as_the_vendors_SDK_tells_it(string platform)
    {
        var extras = JsonSerializer.SerializeToElement(new { orderId = "7" });
        var outcome = await SendAsync(platform == "ios"
            ? Message(Channel.IosPush) with
            {
                Title = "T", Body = "B", Sound = "sound.caf", Badge = 1, Category = "cat", Data = extras,
                Aps = JsonSerializer.SerializeToElement(new Dictionary<string, int> { ["content-available"] = 1, ["mutable-content"] = 1 }),
            }
            : Message(Channel.AndroidPush) with { Title = "Title", Body = "Body", Data = extras });

        Assert.Equal(SendOutcome.Accepted("9007199254740993"), outcome);
        var sent = Assert.Single(server.Requests);
        Assert.Equal((Keys[0].Method, Keys[0].Path), (sent.Method, sent.Path));
        foreach (var name in new[] { "authorization", "content-type" }) Assert.Equal(Keys[0].Headers[name], sent.Headers[name]);
        var expected = Keys[0].Json["notification"]![platform]!.DeepClone();
        expected.AsObject().Remove("builder_id"); // the app's own default does as well
        Same(expected, sent.Json["notification"]![platform]!);
        Same(JsonNode.Parse($"""["{platform}"]""")!, sent.Json["platform"]!);
        Same(JsonNode.Parse("""{"registration_id":["1104a89792a50e1a2b3"]}""")!, sent.Json["audience"]!);
        Assert.Equal((60, true), (sent.Json["options"]!["time_to_live"]!.GetValue<int>(), sent.Json["options"]!["apns_production"]!.GetValue<bool>()));
        Assert.Equal($"{Keys.Input("appKey")}-{Id:D}", sent.Json["cid"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_repeat_has_the_same_cid_so_that_JPush_sends_it_once()
    {
        for (var i = 0; i < 2; i++) await SendAsync(Message(Channel.AndroidPush) with { Body = "x" });

        Assert.Single(server.Requests.Select(request => request.Json["cid"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public async Task An_app_in_development_is_told_so()
    {
        await SendAsync(Message(Channel.IosPush) with { Body = "x" }, new() { ["ApnsProduction"] = "false" });

        Same(JsonNode.Parse($$"""{"time_to_live":60,"apns_production":false,"apns_collapse_id":"{{Id:D}}"}""")!, server.Requests[0].Json["options"]!);
    }

    [Theory]
    [InlineData("ios_push", """{"ios":{"alert":"","content-available":true,"extras":{"sync":"inbox"}}}""", null)]
    [InlineData("android_push", null, """{"msg_content":"{\"sync\":\"inbox\"}","extras":{"sync":"inbox"}}""")]
    public async Task What_shows_nothing_wakes_the_app_in_the_way_of_its_system(string channel, string? notification, string? message)
    {
        await SendAsync(Message(ChannelNames.Parse(channel)) with { Background = true, Data = JsonSerializer.SerializeToElement(new { sync = "inbox" }) });

        var sent = server.Requests[0].Json;
        Assert.True(JsonNode.DeepEquals(notification is null ? null : JsonNode.Parse(notification), sent["notification"]), sent.ToJsonString());
        Assert.True(JsonNode.DeepEquals(message is null ? null : JsonNode.Parse(message), sent["message"]), sent.ToJsonString());
    }

    [Theory]
    [InlineData("ios_push", "ios", 2000)]
    [InlineData("android_push", "android", 4000)]
    public async Task Each_systems_part_has_a_limit_of_its_own(string channel, string part, int most)
    {
        await SendAsync(Message(ChannelNames.Parse(channel)) with { Title = "t", Body = new string('漢', 3000) });

        Assert.InRange(Encoding.UTF8.GetByteCount(PartOf(server.Requests[0].Body, part)), most - 5, most);
    }

    [Fact]
    public async Task What_cannot_be_shortened_is_refused_before_it_is_sent()
    {
        var outcome = await SendAsync(Message(Channel.IosPush) with { Body = "x", Data = JsonSerializer.SerializeToElement(new { k = new string('x', 2000) }) });

        Assert.Equal((SendStatus.Permanent, "1005"), (outcome.Status, outcome.Code));
        Assert.Empty(server.Requests);
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task Every_documented_answer_has_its_documented_meaning(int http, string code, string status)
    {
        server.Answer = _ => new VendorAnswer(http, http == 200 ? Keys[0].Answer.Body : code.Length == 0 ? "" : $$$"""{"error":{"code":{{{code}}},"message":"x"}}""");

        var outcome = await SendAsync(Message(Channel.AndroidPush) with { Body = "x" });

        Assert.Equal(status, outcome.Status.ToString());
        if (code.Length > 0) Assert.Equal(code, outcome.Code);
    }

    [Fact]
    public async Task An_unknown_device_is_told_as_in_the_vector_with_a_number_that_no_double_can_hold()
    {
        server.Answer = _ => Vector.Load("jpush-error-1011")[0].Answer;
        Assert.Equal((SendStatus.AddressDead, "1011"), await CodeAsync());

        server.Answer = _ => new VendorAnswer(200, """{"sendno":"0","msg_id":9007199254740993}""");
        Assert.Equal("9007199254740993", (await SendAsync(Message(Channel.AndroidPush) with { Body = "x" })).ProviderMessageId);
    }

    [Theory]
    [InlineData("The registration_id is illegal", "AddressDead")]
    [InlineData("The value of sound is illegal", "Permanent")]
    public async Task A_value_that_is_not_legal_kills_the_address_only_if_it_is_the_address(string text, string status)
    {
        server.Answer = _ => new VendorAnswer(400, $$$"""{"error":{"code":1003,"message":"{{{text}}}"}}""");
        Assert.Equal(status, (await CodeAsync()).Status.ToString());
    }

    [Theory]
    [InlineData("41", 41)]
    [InlineData("0", 1)]
    [InlineData("soon", 60)]
    public async Task The_next_window_of_the_quota_is_waited_for(string reset, int seconds)
    {
        server.Answer = _ => new VendorAnswer(429, """{"error":{"code":2002,"message":"Rate limit exceeded"}}""", new Dictionary<string, string> { ["X-Rate-Limit-Reset"] = reset });

        Assert.Equal(TimeSpan.FromSeconds(seconds), (await SendAsync(Message(Channel.AndroidPush) with { Body = "x" })).RetryAfter);
    }

    private async Task<(SendStatus Status, string? Code)> CodeAsync()
    {
        var outcome = await SendAsync(Message(Channel.AndroidPush) with { Body = "x" });
        return (outcome.Status, outcome.Code);
    }

    private async Task<SendOutcome> SendAsync(PushMessage message, Dictionary<string, string?>? settings = null)
    {
        var all = Settings(server.Address);
        foreach (var (name, value) in settings ?? []) all["Channels:JPush:" + name] = value;
        await using var channels = new ChannelsHost(all);
        return await channels.Provider<PushMessage>().SendAsync(message, CancellationToken.None);
    }

    private static string PartOf(string body, string part)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("notification").GetProperty(part).GetRawText();
    }

    private static void Same(JsonNode expected, JsonNode actual) => Assert.True(JsonNode.DeepEquals(expected, actual), actual.ToJsonString());
}
