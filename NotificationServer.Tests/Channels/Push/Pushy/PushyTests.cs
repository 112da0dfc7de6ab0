using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Push.Pushy;

public sealed class PushyTests : IAsyncLifetime
{
    private static readonly Vector Keys = Vector.Load("pushy-send-tokens");

    private VendorServer server = null!;

    public static TheoryData<int, string, string> Rows => Outcomes.Rows("pushy");

    public async Task InitializeAsync()
    {
        server = await VendorServer.StartHttp1Async();
        server.Answer = _ => Keys[0].Answer;
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public static Dictionary<string, string?> Settings(Uri address) => new()
    {
        ["Channels:Pushy:BaseAddress"] = address.ToString(),
        ["Channels:Pushy:ApiKey"] = Keys.Input("apiKey"),
    };

    internal static PushMessage Message(Channel channel) => new()
    {
        Id = Guid.CreateVersion7(), Channel = channel, PushProvider = "pushy", Token = "a6345d0278adc55d3474f5", Body = "Hello",
    };

    [Fact]
    public async Task The_push_is_told_as_the_vendors_SDK_tells_it()
    {
        var outcome = await SendAsync(Message(Channel.IosPush) with
        {
            Title = "T", Body = "B ✌", Badge = 1, Sound = "ping.aiff", TimeToLive = TimeSpan.FromHours(1), CollapseKey = "order-7",
            Data = JsonSerializer.SerializeToElement(new { message = "Hello", orderId = 7 }),
            Aps = JsonSerializer.SerializeToElement(new Dictionary<string, int> { ["mutable-content"] = 1 }),
        });

        Assert.Equal(SendOutcome.Accepted("5ea9b214b47cad768a35f13a"), outcome);
        var sent = Assert.Single(server.Requests);
        Assert.Equal((Keys[0].Method, Keys[0].Path, "application/json"), (sent.Method, sent.Path, sent.Headers["content-type"]));
        var expected = Keys[0].Json.DeepClone();
        expected["to"] = new JsonArray("a6345d0278adc55d3474f5"); // one message is one device's
        Assert.True(JsonNode.DeepEquals(expected, sent.Json), sent.Body);
    }

    [Fact]
    public async Task An_Android_app_is_handed_what_it_shows_itself()
    {
        await SendAsync(Message(Channel.AndroidPush) with { Title = "T", Data = JsonSerializer.SerializeToElement(new { orderId = 7 }) });

        Assert.Equal("""{"title":"T","message":"Hello","orderId":7}""", server.Requests[0].Json["data"]!.ToJsonString());
        Assert.Null(server.Requests[0].Json["notification"]);
    }

    [Theory]
    [InlineData("pushy-error-no-recipients", 0, "AddressDead", "NO_RECIPIENTS")]
    public async Task A_device_that_nobody_knows_is_told_as_in_the_vector(string name, int index, string status, string code)
    {
        server.Answer = _ => Vector.Load(name)[index].Answer;
        var outcome = await SendAsync(Message(Channel.AndroidPush));
        Assert.Equal((status, code), (outcome.Status.ToString(), outcome.Code));
    }

    [Theory]
    [InlineData("""{"success":true,"id":"1","info":{"devices":0,"failed":["a6345d0278adc55d3474f5"]}}""", "AddressDead")]
    [InlineData("""{"success":true,"id":"1","info":{"devices":1,"failed":["another"]}}""", "Accepted")]
    [InlineData("""{"success":true,"id":"1"}""", "Accepted")]
    [InlineData("""{"success":false,"id":"1"}""", "Unknown")]
    public async Task A_success_that_names_the_token_as_failed_is_none(string body, string status)
    {
        server.Answer = _ => new VendorAnswer(200, body);
        Assert.Equal(status, (await SendAsync(Message(Channel.AndroidPush))).Status.ToString());
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task Every_documented_answer_has_its_documented_meaning(int http, string code, string status)
    {
        server.Answer = _ => new VendorAnswer(http, http == 200 ? Keys[0].Answer.Body : $$"""{"code":"{{code}}","error":"x"}""");

        var outcome = await SendAsync(Message(Channel.AndroidPush));

        Assert.Equal(status, outcome.Status.ToString());
        if (http != 200) Assert.Equal(code, outcome.Code);
        // Whatever status it comes with: the code decides.
        if (http == 200) return;
        server.Answer = _ => new VendorAnswer(422, $$"""{"code":"{{code}}","error":"x"}""");
        Assert.Equal(status, (await SendAsync(Message(Channel.AndroidPush))).Status.ToString());
    }

    [Fact]
    public async Task A_topic_in_the_place_of_a_token_reaches_nobody()
    {
        Assert.Equal(SendStatus.AddressDead, (await SendAsync(Message(Channel.AndroidPush) with { Token = "/topics/news" })).Status);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("ios_push")]
    [InlineData("android_push")]
    public async Task A_text_that_is_too_long_is_shortened_to_just_fit(string channel)
    {
        await SendAsync(Message(ChannelNames.Parse(channel)) with { Body = new string('漢', 3000) });

        var sent = server.Requests[0].Json;
        var content = new JsonObject { ["data"] = sent["data"]!.DeepClone() };
        if (sent["notification"] is { } notification) content["notification"] = notification.DeepClone();
        Assert.InRange(Encoding.UTF8.GetByteCount(content.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })), 4090, 4096);
    }

    private async Task<SendOutcome> SendAsync(PushMessage message)
    {
        await using var channels = new ChannelsHost(Settings(server.Address));
        return await channels.Provider<PushMessage>().SendAsync(message, CancellationToken.None);
    }
}
