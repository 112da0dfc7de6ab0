using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NotificationServer.Channels;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.WebPush;
using NotificationServer.Tests.Channels;

namespace NotificationServer.Tests.Simulator;

/// Web Push, JPush and Pushy as the simulator plays them: what their own SDKs sent is taken, and so is what our connectors send.
public sealed class PushVendorTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    public static TheoryData<string> Vendors => ["webpush", "jpush", "pushy"];

    [Theory, MemberData(nameof(Vendors))]
    public async Task What_our_connector_sends_is_accepted_and_stands_in_the_ledger_under_our_id(string vendor)
    {
        var message = Message(vendor, "device-1");

        var outcome = await SendAsync(message);

        var entry = Assert.Single(simulator.Host.Ledger, entry => entry.MessageKey is { } key && Guid.TryParse(key, out var id) && id == message.Id);
        Assert.Equal((SendStatus.Accepted, vendor, "device-1", entry.Id), (outcome.Status, entry.Provider, entry.To, outcome.ProviderMessageId));
        Assert.Contains("words", entry.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Vendors))]
    public async Task A_recipient_can_carry_its_own_fault(string vendor)
    {
        foreach (var (word, status) in new[]
                 {
                     ("sim-gone", SendStatus.AddressDead), ("sim-status-503:1", SendStatus.Transient), ("sim-status-401", SendStatus.Misconfigured),
                     ("sim-truncate", SendStatus.Unknown), ("sim-reset", SendStatus.Unknown), ("sim-status-400:1", SendStatus.Permanent),
                 })
            Assert.Equal((word, status), (word, (await SendAsync(Message(vendor, word))).Status));

        var throttled = await SendAsync(Message(vendor, "sim-throttled-120"));
        Assert.Equal((SendStatus.Throttled, TimeSpan.FromSeconds(120)), (throttled.Status, throttled.RetryAfter));
    }

    [Theory, MemberData(nameof(Vendors))]
    public async Task A_fault_strikes_everybody_until_it_is_taken_back(string vendor)
    {
        using (simulator.Given(vendor, new Fault { DeadToken = true }))
            Assert.Equal(SendStatus.AddressDead, (await SendAsync(Message(vendor, "device-2"))).Status);

        Assert.Equal(SendStatus.Accepted, (await SendAsync(Message(vendor, "device-2"))).Status);
    }

    [Theory, MemberData(nameof(Vendors))]
    public async Task Wrong_keys_are_refused(string vendor)
    {
        var settings = Settings();
        settings["Channels:JPush:MasterSecret"] = settings["Channels:Pushy:ApiKey"] = "wrong";
        var vectors = Vector.Read("webpush-encryption-steps")["cases"]![0]!["inputs"]!;
        settings["Channels:WebPush:PublicKey"] = vectors["applicationServerPublicKey"]!.GetValue<string>();
        settings["Channels:WebPush:PrivateKey"] = vectors["applicationServerPrivateKey"]!.GetValue<string>();

        Assert.Equal(SendStatus.Misconfigured, (await SendAsync(Message(vendor, "device-3"), settings)).Status);
    }

    [Fact]
    public void A_web_push_library_s_own_requests_are_read_by_the_subscriber()
    {
        using var vendor = new WebPushVendor(RunningSimulator.VectorPushCredentials, simulator.Clock);
        foreach (var name in new[] { "webpush-aes128gcm-vapid", "webpush-error-410", "webpush-no-payload" })
        {
            var (request, body) = Captured(name);
            var verdict = vendor.Judge(request, body);
            Assert.False(verdict.Refused, System.Text.Encoding.UTF8.GetString(verdict.Answer.Body.Span));
        }

        var (touched, bytes) = Captured("webpush-aes128gcm-vapid");
        bytes[^1] ^= 1;
        Assert.Equal(400, vendor.Judge(touched, bytes).Answer.Status);
    }

    [Theory]
    [InlineData("TTL", null, 400)]
    [InlineData("TTL", "soon", 400)]
    [InlineData("Urgency", "loud", 400)]
    [InlineData("Topic", "a topic with spaces", 400)]
    [InlineData("Content-Encoding", "aesgcm", 400)]
    [InlineData("Authorization", null, 401)]
    [InlineData("Authorization", "vapid t=a.b.c, k=d", 401)]
    [InlineData("Host", "another.example", 401)]
    public void A_web_push_with_a_wrong_header_is_refused(string header, string? value, int status)
    {
        using var vendor = new WebPushVendor(RunningSimulator.VectorPushCredentials, simulator.Clock);
        var (request, body) = Captured("webpush-aes128gcm-vapid");
        if (value is null) request.Headers.Remove(header);
        else request.Headers[header] = value;

        Assert.Equal(status, vendor.Judge(request, body).Answer.Status);
    }

    [Fact]
    public void A_VAPID_token_that_is_over_is_refused()
    {
        using var vendor = new WebPushVendor(RunningSimulator.VectorPushCredentials, new RunningSimulator.FixedClock(RunningSimulator.TimeOfCapture.AddHours(13)));
        var (request, body) = Captured("webpush-aes128gcm-vapid");

        Assert.Equal(401, vendor.Judge(request, body).Answer.Status);
    }

    [Theory]
    [InlineData("jpush-push-regid", 2)]
    [InlineData("jpush-push-alias-all", 2)]
    [InlineData("jpush-error-1011", 1)]
    [InlineData("pushy-send-tokens", 2)]
    [InlineData("pushy-send-topic", 1)]
    public async Task What_the_SDK_sends_is_accepted_for_each_of_its_recipients(string name, int recipients)
    {
        var before = simulator.Host.Ledger.Count;

        using var response = await simulator.Http.SendAsync(Request(name));

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal(before + recipients, simulator.Host.Ledger.Count);
        if (name.StartsWith("jpush", StringComparison.Ordinal)) Assert.Equal("600", Assert.Single(response.Headers.GetValues("X-Rate-Limit-Limit")));
    }

    [Fact]
    public async Task JPush_sends_the_same_cid_once_and_answers_the_same_again()
    {
        var message = Message("jpush", "device-4");

        var first = await SendAsync(message);
        var second = await SendAsync(message);

        Assert.Equal(first, second);
        Assert.Single(simulator.Host.Ledger, entry => entry.To == "device-4");
    }

    [Fact]
    public async Task JPush_forgets_a_cid_whose_push_it_did_not_take()
    {
        var message = Message("jpush", "device-5");
        using (simulator.Given("jpush", new Fault { Status = 503 })) await SendAsync(message);

        Assert.Equal(SendStatus.Accepted, (await SendAsync(message)).Status);
        Assert.Single(simulator.Host.Ledger, entry => entry.To == "device-5");
    }

    [Theory]
    [InlineData("""{"platform":"all","audience":"all","notification":{"alert":"x"},"extra":1}""", 1009)]
    [InlineData("""{"platform":"all","audience":"all","notification":{"ios":{"alert":"x","mutable_content":true}}}""", 1009)]
    [InlineData("""{"platform":"all","audience":"all"}""", 1002)]
    [InlineData("""{"platform":"pager","audience":"all","notification":{"alert":"x"}}""", 1003)]
    [InlineData("""{"platform":"all","audience":{"registration_id":[]},"notification":{"alert":"x"}}""", 1003)]
    [InlineData("""{"platform":"all","audience":"all","notification":{"alert":"x"},"cid":"another-1"}""", 1003)]
    [InlineData("not json", 1003)]
    public async Task A_push_object_with_a_mistake_gets_JPushs_own_code(string body, int code)
    {
        var request = Request("jpush-push-regid");
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal((400, code), ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData("""{"to":"a"}""", "INVALID_PARAM")]
    [InlineData("""{"to":[],"data":{}}""", "NO_RECIPIENTS")]
    [InlineData("""{"to":"a","data":{},"collapse_key":"over-thirty-two-characters-of-a-key"}""", "INVALID_PARAM")]
    [InlineData("""{"to":"a","data":{},"shout":true}""", "INVALID_PARAM")]
    public async Task A_push_with_a_mistake_gets_Pushys_own_code(string body, string code)
    {
        var request = Request("pushy-send-tokens");
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal((400, code), ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Pushy_tells_the_state_of_a_push_as_in_the_vector()
    {
        using var sent = await simulator.Http.SendAsync(Request("pushy-send-tokens"));
        var id = JsonElement.Parse(await sent.Content.ReadAsStringAsync()).GetProperty("id").GetString();
        var request = Request("pushy-status");
        request.Content = null;
        request.RequestUri = new Uri(request.RequestUri!.AbsoluteUri.Replace("5ea9b214b47cad768a35f13a", id, StringComparison.Ordinal));

        using var response = await simulator.Http.SendAsync(request);

        var expected = JsonElement.Parse(ProviderVector.Load("pushy-status").MockBody()).GetProperty("push");
        var push = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("push");
        Assert.Equal(expected.EnumerateObject().Select(member => member.Name), push.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Hello", push.GetProperty("payload").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("jpush", "Channels:JPush:MasterSecret")]
    [InlineData("pushy", "Channels:Pushy:ApiKey")]
    public async Task Credentials_are_checked_without_sending_anything(string vendor, string secret)
    {
        var (before, settings) = (simulator.Host.Ledger.Count, Settings());
        await using (var channels = new ChannelsHost(settings)) Assert.Equal(SendStatus.Accepted, (await CheckAsync(channels)).Status);

        settings[secret] = "wrong";
        await using (var channels = new ChannelsHost(settings)) Assert.Equal(SendStatus.Misconfigured, (await CheckAsync(channels)).Status);
        Assert.Equal(before, simulator.Host.Ledger.Count);

        Task<SendOutcome> CheckAsync(ChannelsHost channels) => ((ICredentialCheck)channels.PushOf(vendor)).CheckAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_subscription_to_try_things_with_is_to_be_had()
    {
        var text = await simulator.Http.GetStringAsync(new Uri(simulator.Host.Urls.Control, "/subscription?name=device-6"));

        Assert.Equal(SendStatus.Accepted, (await SendAsync(Message("webpush", "device-6") with { Token = text })).Status);
        Assert.Single(simulator.Host.Ledger, entry => entry.To == "device-6");
    }

    private Dictionary<string, string?> Settings() => simulator.Host.ServerConfiguration.Concat(simulator.Host.SecondVendors).ToDictionary(pair => pair.Key, pair => pair.Value);

    private async Task<SendOutcome> SendAsync(PushMessage message, Dictionary<string, string?>? settings = null)
    {
        await using var channels = new ChannelsHost(settings ?? Settings(), simulator.Clock);
        return await channels.PushOf(message.PushProvider).SendAsync(message, CancellationToken.None);
    }

    private PushMessage Message(string vendor, string token) => new()
    {
        Id = Guid.CreateVersion7(), Channel = vendor == "webpush" ? Channel.WebPush : Channel.AndroidPush, PushProvider = vendor, Body = "words",
        Token = vendor == "webpush" ? simulator.Host.PushCredentials.Subscription(simulator.Host.Urls.WebPush, token) : token,
    };

    private HttpRequestMessage Request(string name) =>
        ProviderVector.Load(name).Request(name.StartsWith("jpush", StringComparison.Ordinal) ? simulator.Host.Urls.JPush : simulator.Host.Urls.Pushy);

    private static (HttpRequest Request, byte[] Body) Captured(string name)
    {
        var captured = Vector.Read(name)["requests"]![0]!;
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Path) = ("POST", "https", captured["path"]!.GetValue<string>());
        foreach (var header in captured["headers"]!.AsArray()) request.Headers[header![0]!.GetValue<string>()] = header[1]!.GetValue<string>();
        return (request, Convert.FromBase64String(captured["bodyBase64"]!.GetValue<string>()));
    }
}
