using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NotificationServer.Tests.Simulator;

public sealed class FcmTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    private const string MessagingScope = "https://www.googleapis.com/auth/firebase.messaging";

    [Fact]
    public async Task A_signed_assertion_is_exchanged_for_an_access_token()
    {
        using var response = await simulator.Http.SendAsync(await simulator.GoodRequestAsync("fcm-oauth"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.StartsWith("ya29.", answer.RootElement.GetProperty("access_token").GetString(), StringComparison.Ordinal);
        Assert.Equal(3599, answer.RootElement.GetProperty("expires_in").GetInt32());
        Assert.Equal("Bearer", answer.RootElement.GetProperty("token_type").GetString());
    }

    [Theory]
    [InlineData("fcm-oauth-and-send-token", 1)]
    [InlineData("fcm-send-condition", 0)]
    [InlineData("fcm-send-each-three", 0)]
    [InlineData("fcm-send-each-three", 2)]
    public async Task What_the_SDK_sends_is_accepted_under_a_name(string name, int index)
    {
        using var response = await simulator.Http.SendAsync(await AuthorizedAsync(ProviderVector.Load(name).Request(simulator.Host.Urls.Fcm, index)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var messageName = Assert.Single(answer.RootElement.EnumerateObject()).Value.GetString();
        Assert.StartsWith("projects/demo-project/messages/0:", messageName, StringComparison.Ordinal);
        Assert.Contains(simulator.Host.Ledger, e => e.Id == messageName);
    }

    [Fact]
    public async Task A_dry_run_is_answered_but_nothing_is_sent()
    {
        var before = simulator.Host.Ledger.Count;
        using var response = await simulator.Http.SendAsync(
            await AuthorizedAsync(ProviderVector.Load("fcm-send-topic-dryrun").Request(simulator.Host.Urls.Fcm)));

        Assert.Contains("fake_message_id", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, simulator.Host.Ledger.Count);
    }

    [Fact]
    public async Task A_bearer_that_was_never_granted_is_refused()
    {
        using var response = await simulator.Http.SendAsync(ProviderVector.Load("fcm-send-condition").Request(simulator.Host.Urls.Fcm));

        await AssertRefusedAsync(response, 401, "UNAUTHENTICATED", null);
    }

    [Fact]
    public async Task A_bearer_expires()
    {
        var request = await simulator.GoodRequestAsync("fcm");
        simulator.Clock.Now += TimeSpan.FromSeconds(3599);
        try
        {
            await AssertRefusedAsync(await simulator.Http.SendAsync(request), 401, "UNAUTHENTICATED", null);
        }
        finally
        {
            simulator.Clock.Now = RunningSimulator.TimeOfCapture;
        }
    }

    [Fact]
    public async Task Another_project_is_not_found()
    {
        var request = await simulator.GoodRequestAsync("fcm");
        request.RequestUri = new Uri(simulator.Host.Urls.Fcm, "/v1/projects/another/messages:send");

        await AssertRefusedAsync(await simulator.Http.SendAsync(request), 404, "NOT_FOUND", "NOT_FOUND");
    }

    [Theory]
    [InlineData("""{"message":{"data":{"a":"b"}}}""", "message")]
    [InlineData("""{"message":{"token":"t","topic":"x"}}""", "message")]
    [InlineData("""{"message":{"token":"not a token!"}}""", "message.token")]
    [InlineData("""{"message":{"token":"t","data":{"n":1}}}""", "message.data[0].value")]
    [InlineData("""{"message":{"token":"t","data":{"google.x":"1"}}}""", "message.data")]
    [InlineData("""{"message":{"token":"t","titel":"x"}}""", "message")]
    [InlineData("""{"message":{"token":"t","android":{"notification":{"chanel_id":"x"}}}}""", "message.android.notification")]
    [InlineData("""{"message":{"token":"t","android":{"ttl":"3600"}}}""", "message.android.ttl")]
    [InlineData("""{"message":{"token":"t","android":{"ttl":"2419201s"}}}""", "message.android.ttl")]
    [InlineData("""{"message":{"token":"t","android":{"priority":"urgent"}}}""", "message.android.priority")]
    [InlineData("""{"notification":{}}""", "")]
    [InlineData("not json", "")]
    public async Task A_wrong_message_is_an_invalid_argument_at_its_field(string body, string field)
    {
        using var response = await simulator.Http.SendAsync(await simulator.FcmAsync(body));

        using var answer = await AssertRefusedAsync(response, 400, "INVALID_ARGUMENT", null);
        var violations = answer.RootElement.GetProperty("error").GetProperty("details").EnumerateArray()
            .Single(d => d.GetProperty("@type").GetString() == "type.googleapis.com/google.rpc.BadRequest").GetProperty("fieldViolations");
        Assert.Equal(field, violations[0].GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("token", 4096)]
    [InlineData("topic", 2048)]
    public async Task A_payload_at_the_limit_passes_and_one_byte_more_is_refused(string target, int limit)
    {
        string Body(int bytes) => """{"message":{"TARGET":"t","data":{"k":"FILL"}}}"""
            .Replace("TARGET", target, StringComparison.Ordinal).Replace("FILL", new string('x', bytes - 1), StringComparison.Ordinal);
        (await simulator.Http.SendAsync(await simulator.FcmAsync(Body(limit)))).EnsureSuccessStatusCode();

        await AssertRefusedAsync(await simulator.Http.SendAsync(await simulator.FcmAsync(Body(limit + 1))), 400, "INVALID_ARGUMENT", "INVALID_ARGUMENT");
    }

    [Theory]
    [InlineData("iss", "\"someone@else\"", "invalid_grant")]
    [InlineData("aud", "\"https://example.com/token\"", "invalid_grant")]
    [InlineData("scope", "\"https://www.googleapis.com/auth/drive\"", "invalid_scope")]
    [InlineData("exp", "1795341000", "invalid_grant")]
    [InlineData("exp", "1795349999", "invalid_grant")]
    [InlineData("iat", "1795342999", "invalid_grant")]
    public async Task An_assertion_with_a_wrong_claim_gets_no_token(string claim, string value, string error)
    {
        await AssertNoTokenAsync(Assertion(claim, value), error);
    }

    [Fact]
    public async Task An_assertion_for_the_simulators_own_token_uri_is_good()
    {
        using var response = await ExchangeAsync(Assertion("aud", $"\"{simulator.Host.Urls.FcmToken}\""));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_assertion_signed_by_another_key_gets_no_token()
    {
        using var other = RSA.Create(2048);
        await AssertNoTokenAsync(Assertion("sub", "\"x\"", other), "invalid_grant");
    }

    [Theory]
    [InlineData("fcm-error-unregistered", "gone")]
    [InlineData("fcm-error-quota", "status-429")]
    public async Task Errors_are_word_for_word_the_documented_ones(string vector, string word)
    {
        using var response = await simulator.SendAsync("fcm", $"sim-{word}");

        Assert.Equal(
            JsonSerializer.Serialize(JsonDocument.Parse(ProviderVector.Load(vector).MockBody())),
            JsonSerializer.Serialize(JsonDocument.Parse(await response.Content.ReadAsStringAsync())));
    }

    [Theory]
    [InlineData("""{"message":{"token":"k1","data":{"message_id":"m-7"},"android":{"notification":{"tag":"t-7"}}}}""", "m-7", "android_push")]
    [InlineData("""{"message":{"token":"k2","android":{"notification":{"tag":"t-7"},"collapse_key":"c"}}}""", "t-7", "android_push")]
    [InlineData("""{"message":{"token":"k3","android":{"collapseKey":"c-7"}}}""", "c-7", "android_push")]
    [InlineData("""{"message":{"token":"k4","apns":{"headers":{"apns-collapse-id":"i-7"}}}}""", "i-7", "ios_push")]
    [InlineData("""{"message":{"token":"k5","webpush":{"headers":{"Topic":"w-7"}}}}""", "w-7", "web_push")]
    public async Task The_ledger_knows_a_message_by_what_would_make_its_repeat_replace_it(string body, string key, string channel)
    {
        (await simulator.Http.SendAsync(await simulator.FcmAsync(body))).EnsureSuccessStatusCode();
        var token = JsonElement.Parse(body).GetProperty("message").GetProperty("token").GetString();

        var entry = simulator.Host.Ledger.Single(e => e.To == token);
        Assert.Equal((key, channel), (entry.MessageKey, entry.ChannelHint));
    }

    private async Task<HttpRequestMessage> AuthorizedAsync(HttpRequestMessage request)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await simulator.AccessTokenAsync());
        return request;
    }

    private static string Assertion(string claim, string value, RSA? otherKey = null)
    {
        var account = ProviderVector.Load("fcm-oauth-and-send-token").Inputs.GetProperty("serviceAccountJson");
        using var key = RSA.Create();
        key.ImportFromPem(account.GetProperty("private_key").GetString());
        var claims = new Dictionary<string, string>
        {
            ["iss"] = account.GetProperty("client_email").GetRawText(),
            ["scope"] = $"\"{MessagingScope}\"",
            ["aud"] = "\"https://oauth2.googleapis.com/token\"",
            ["iat"] = "1795342000",
            ["exp"] = "1795345600",
            [claim] = value,
        };
        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes($"{{{string.Join(',', claims.Select(c => $"\"{c.Key}\":{c.Value}"))}}}"))}";
        return $"{signed}.{Encode((otherKey ?? key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private Task<HttpResponseMessage> ExchangeAsync(string assertion) => simulator.Http.PostAsync(
        simulator.Host.Urls.FcmToken,
        new FormUrlEncodedContent([new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", assertion)]));

    private async Task AssertNoTokenAsync(string assertion, string error)
    {
        using var response = await ExchangeAsync(assertion);

        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal((HttpStatusCode.BadRequest, error), (response.StatusCode, answer.RootElement.GetProperty("error").GetString()));
    }

    private static async Task<JsonDocument> AssertRefusedAsync(HttpResponseMessage response, int httpStatus, string status, string? errorCode)
    {
        var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var error = answer.RootElement.GetProperty("error");
        Assert.Equal((httpStatus, httpStatus, status), ((int)response.StatusCode, error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
        if (errorCode is "INVALID_ARGUMENT") Assert.Equal(errorCode, error.GetProperty("details")[0].GetProperty("errorCode").GetString());
        return answer;
    }
}
