using System.Net;
using System.Text;
using System.Text.Json;

namespace NotificationServer.Tests.Simulator;

public sealed class ApnsTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    private const string Alert = """{"aps":{"alert":"x"}}""";

    [Theory]
    [InlineData("apns-alert")]
    [InlineData("apns-background")]
    [InlineData("apns-critical-localized")]
    [InlineData("apns-sandbox-apns2")]
    public async Task What_an_SDK_sends_is_accepted_with_an_empty_200_and_an_id(string vector)
    {
        using var response = await simulator.Http.SendAsync(ProviderVector.Load(vector).Request(simulator.Host.Urls.Apns));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        var id = Assert.Single(response.Headers.GetValues("apns-id"));
        Assert.Contains(simulator.Host.Ledger, e => e.Id == id && e.ChannelHint == "ios_push" && e.To.StartsWith("ca60b604", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_senders_id_is_echoed_and_is_the_key_in_the_ledger()
    {
        using var response = await simulator.Http.SendAsync(ProviderVector.Load("apns-alert").Request(simulator.Host.Urls.Apns));

        Assert.Equal("eec1a2b3-0000-4000-8000-000000000001", Assert.Single(response.Headers.GetValues("apns-id")));
        var entry = simulator.Host.Ledger.Last(e => e.MessageKey == "eec1a2b3-0000-4000-8000-000000000001");
        Assert.Equal("Order shipped", entry.Body.GetProperty("aps").GetProperty("alert").GetProperty("title").GetString());
        Assert.Equal("order-1042", entry.Member("headers").GetProperty("apns-collapse-id").GetString());
    }

    [Fact]
    public async Task Nothing_but_HTTP_2_is_spoken()
    {
        var request = await simulator.GoodRequestAsync("apns");
        request.Version = HttpVersion.Version11;

        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.Http.SendAsync(request));
    }

    [Fact]
    public async Task A_client_that_does_not_trust_the_private_root_gets_no_connection()
    {
        using var distrustful = new HttpClient();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(async () => await distrustful.SendAsync(await simulator.GoodRequestAsync("apns")));

        Assert.Equal(HttpRequestError.SecureConnectionError, refused.HttpRequestError);
    }

    [Theory]
    [InlineData("authorization", null, 403, "MissingProviderToken")]
    [InlineData("authorization", "bearer x.y.z", 403, "InvalidProviderToken")]
    [InlineData("apns-topic", null, 400, "MissingTopic")]
    [InlineData("apns-topic", "com.example.other", 400, "TopicDisallowed")]
    [InlineData("apns-topic", "com.example.app.voip", 400, "InvalidPushType")]
    [InlineData("apns-push-type", null, 400, "InvalidPushType")]
    [InlineData("apns-push-type", "shout", 400, "InvalidPushType")]
    [InlineData("apns-push-type", "background", 400, "BadPriority")]
    [InlineData("apns-priority", "7", 400, "BadPriority")]
    [InlineData("apns-id", "not-a-uuid", 400, "BadMessageId")]
    [InlineData("apns-expiration", "tomorrow", 400, "BadExpirationDate")]
    [InlineData("apns-collapse-id", "0123456789012345678901234567890123456789012345678901234567890123456789", 400, "BadCollapseId")]
    public async Task A_wrong_header_gets_Apples_own_reason(string header, string? value, int status, string reason)
    {
        var request = await simulator.GoodRequestAsync("apns");
        request.Headers.Remove(header);
        if (value is not null) request.Headers.TryAddWithoutValidation(header, value);

        await RefusedAsync(request, status, reason);
    }

    [Fact]
    public async Task A_header_given_twice_is_refused()
    {
        var request = await simulator.GoodRequestAsync("apns");
        request.Headers.Add("apns-topic", "com.example.app");

        await RefusedAsync(request, 400, "DuplicateHeaders");
    }

    [Fact]
    public async Task A_token_whose_signature_was_touched_is_refused()
    {
        var request = await simulator.GoodRequestAsync("apns");
        var token = Assert.Single(request.Headers.GetValues("authorization"));
        request.Headers.Remove("authorization");
        var at = token.Length - 20;
        request.Headers.TryAddWithoutValidation("authorization", token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..]);

        await RefusedAsync(request, 403, "InvalidProviderToken");
    }

    [Theory]
    [InlineData(59, null)]
    [InlineData(61, "ExpiredProviderToken")]
    [InlineData(-6, "InvalidProviderToken")]
    public async Task A_token_is_good_for_an_hour_even_after_it_was_once_accepted(int minutesAfterIssue, string? reason)
    {
        (await simulator.SendAsync("apns")).EnsureSuccessStatusCode();
        simulator.Clock.Now = RunningSimulator.TimeOfCapture + TimeSpan.FromMinutes(minutesAfterIssue - 10);
        try
        {
            if (reason is null) (await simulator.SendAsync("apns")).EnsureSuccessStatusCode();
            else await RefusedAsync(await simulator.GoodRequestAsync("apns"), 403, reason);
        }
        finally
        {
            simulator.Clock.Now = RunningSimulator.TimeOfCapture;
        }
    }

    [Theory]
    [InlineData("/3/device/abc", 400, "BadDeviceToken")]
    [InlineData("/3/device/xyzw", 400, "BadDeviceToken")]
    [InlineData("/3/device/", 400, "MissingDeviceToken")]
    [InlineData("/2/device/abcd", 404, "BadPath")]
    public async Task A_wrong_path_gets_Apples_own_reason(string path, int status, string reason)
    {
        var request = await simulator.GoodRequestAsync("apns");
        request.RequestUri = new Uri(simulator.Host.Urls.Apns, path);

        await RefusedAsync(request, status, reason);
    }

    [Fact]
    public async Task Only_POST_is_allowed()
    {
        var request = await simulator.GoodRequestAsync("apns");
        request.Method = HttpMethod.Put;

        await RefusedAsync(request, 405, "MethodNotAllowed");
    }

    [Theory]
    [InlineData("", 400, "PayloadEmpty")]
    [InlineData("not json", 400, "PayloadEmpty")]
    [InlineData("""{"k":"v"}""", 400, "PayloadEmpty")]
    [InlineData("""{"aps":{"alert":"\ud800"}}""", 400, "PayloadEmpty")]
    [InlineData("""{"aps":{"content-available":1}}""", 400, "InvalidPushType")]
    public async Task A_payload_that_shows_nothing_is_refused(string payload, int status, string reason)
    {
        var request = await simulator.GoodRequestAsync("apns");
        request.Content = new StringContent(payload);

        await RefusedAsync(request, status, reason);
    }

    [Fact]
    public async Task A_payload_of_4096_bytes_passes_and_one_more_is_too_large()
    {
        var request = await simulator.GoodRequestAsync("apns");
        request.Content = new ByteArrayContent(Padded(4096));
        (await simulator.Http.SendAsync(request)).EnsureSuccessStatusCode();

        var larger = await simulator.GoodRequestAsync("apns");
        larger.Content = new ByteArrayContent(Padded(4097));
        await RefusedAsync(larger, 413, "PayloadTooLarge");
    }

    private static byte[] Padded(int bytes) => Encoding.UTF8.GetBytes(Alert.Replace("x", new string('x', bytes - Alert.Length + 1), StringComparison.Ordinal));

    private async Task RefusedAsync(HttpRequestMessage request, int status, string reason)
    {
        var before = simulator.Host.Ledger.Count;
        using var response = await simulator.Http.SendAsync(request);

        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal((status, reason), ((int)response.StatusCode, body.RootElement.GetProperty("reason").GetString()));
        Assert.True(response.Headers.Contains("apns-id"));
        Assert.Equal(before, simulator.Host.Ledger.Count);
    }
}
