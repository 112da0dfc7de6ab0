using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Channels;
using NotificationServer.Channels.Sms.Vonage;

namespace NotificationServer.Tests.Channels.Sms.Vonage;

public sealed class VonageTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1700000000);
    private static readonly Vector Keys = Vector.Load("vonage-messages-sms-jwt");

    private readonly SteppedClock clock = new(Now);
    private VendorServer server = null!;

    public async Task InitializeAsync() => server = await VendorServer.StartHttp1Async();
    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_message_signed_by_the_application_is_told_as_the_vendors_SDK_tells_it()
    {
        var vector = Keys[0];
        server.Answer = _ => vector.Answer;
        var message = Message("Hello ✓") with { From = "+447700900001", ExpiresAt = Now.AddSeconds(90_000) };
        var settings = Signing();
        settings["StatusUrl"] = "https://hooks.example.com/vonage/status";

        var outcome = await SendAsync(message, settings);

        Assert.Equal(SendOutcome.Accepted("aaaaaaaa-bbbb-4ccc-8ddd-0123456789ac"), outcome);
        var expected = vector.Json.DeepClone().AsObject();
        expected["client_ref"] = message.Id.ToString("D");
        expected.Remove("sms"); // what Vonage does by itself
        AssertSent(vector, expected);
        AssertSigned(server.Requests.Single().Headers["authorization"]);
    }

    [Fact]
    public async Task Key_and_secret_are_told_as_the_vendors_SDK_tells_them()
    {
        var vector = Vector.Load("vonage-messages-sms-basic")[0];
        server.Answer = _ => vector.Answer;
        var message = Message("Hello");

        var outcome = await SendAsync(message, Basic("Messages"));

        Assert.Equal(SendStatus.Accepted, outcome.Status);
        var expected = vector.Json.DeepClone().AsObject();
        expected["client_ref"] = message.Id.ToString("D");
        AssertSent(vector, expected);
        Assert.Equal(vector.Headers["authorization"], server.Requests.Single().Headers["authorization"]);
    }

    [Fact]
    public async Task The_older_interface_is_told_as_the_vendors_SDK_tells_it_with_its_own_unit_of_time()
    {
        var vector = Vector.Load("vonage-sms-api")[0];
        server.Answer = _ => vector.Answer;
        var settings = Basic("Sms");
        settings["StatusUrl"] = "https://hooks.example.com/vonage/dlr";
        var message = Message("Hello & bye=1") with { ExpiresAt = Now.AddSeconds(900) };

        var outcome = await SendAsync(message, settings);

        Assert.Equal(SendOutcome.Accepted("0C000000217B7F02"), outcome);
        var expected = vector.Json.DeepClone().AsObject();
        expected["client-ref"] = message.Id.ToString("D");
        AssertSent(vector, expected);
        Assert.Equal(vector.Headers["authorization"], server.Requests.Single().Headers["authorization"]);
    }

    [Fact]
    public async Task A_text_outside_the_phones_alphabet_is_announced_to_the_older_interface()
    {
        server.Answer = _ => Vector.Load("vonage-sms-api")[0].Answer;

        await SendAsync(Message("Hello ✓"), Basic("Sms"));

        Assert.Equal("unicode", server.Requests.Single().Json["type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(900_000, 604_800)]
    public async Task The_time_to_live_stays_within_what_Vonage_takes(int seconds, int told)
    {
        server.Answer = _ => Keys[0].Answer;

        await SendAsync(Message("x") with { ExpiresAt = Now.AddSeconds(seconds) }, Signing());

        Assert.Equal(told, server.Requests.Single().Json["ttl"]!.GetValue<int>());
    }

    [Fact]
    public void The_token_is_that_of_the_vector_letter_by_letter()
    {
        var vector = Vector.Read("jwt-constructions")["vonage"]!;
        using var key = RSA.Create();
        key.ImportFromPem(vector["privateKeyPem"]!.GetValue<string>());
        var claims = vector["claims"]!;

        var token = VonageTokens.Sign(
            claims["application_id"]!.GetValue<string>(), DateTimeOffset.FromUnixTimeSeconds(claims["iat"]!.GetValue<long>()), Guid.Parse(claims["jti"]!.GetValue<string>()), key);

        Assert.Equal(vector["token"]!.GetValue<string>(), token);
    }

    [Fact]
    public async Task A_token_is_used_again_for_ten_minutes_and_replaced_once_when_it_is_refused()
    {
        await using var channels = Channels(Signing());
        var provider = channels.Provider<SmsMessage>();
        server.Answer = _ => Keys[0].Answer;
        await provider.SendAsync(Message("x"), CancellationToken.None);
        await provider.SendAsync(Message("x"), CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(10));
        await provider.SendAsync(Message("x"), CancellationToken.None);
        var old = server.Requests[^1].Headers["authorization"];
        server.Answer = request => request.Headers["authorization"] == old ? new VendorAnswer(401) : Keys[0].Answer;

        var outcome = await provider.SendAsync(Message("x"), CancellationToken.None);

        Assert.Equal(SendStatus.Accepted, outcome.Status);
        Assert.Equal([1, 1, 2, 2, 3], server.Requests.Select(r => r.Headers["authorization"]).Select(token => server.Requests.Select(r => r.Headers["authorization"]).Distinct().ToList().IndexOf(token) + 1));
    }

    private void AssertSent(Vector.Exchange vector, JsonObject expected)
    {
        var sent = Assert.Single(server.Requests);
        Assert.Equal((vector.Method, vector.Path), (sent.Method, sent.Path));
        Assert.Equal(vector.Headers["content-type"], sent.Headers["content-type"]);
        Assert.True(JsonNode.DeepEquals(expected, sent.Json), sent.Body);
    }

    private static void AssertSigned(string authorization)
    {
        var parts = authorization["Bearer ".Length..].Split('.');
        using var key = RSA.Create();
        key.ImportFromPem(Keys.Input("publicKeyPem"));
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("""{"alg":"RS256","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(parts[1]));
        Assert.Equal(Keys.Input("applicationId"), claims.GetProperty("application_id").GetString());
        Assert.Equal(Now.ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.InRange(claims.GetProperty("exp").GetInt64(), Now.ToUnixTimeSeconds() + 30, Now.AddHours(24).ToUnixTimeSeconds());
    }

    private async Task<SendOutcome> SendAsync(SmsMessage message, Dictionary<string, string?> settings)
    {
        await using var channels = Channels(settings);
        return await channels.Provider<SmsMessage>().SendAsync(message, CancellationToken.None);
    }

    private ChannelsHost Channels(Dictionary<string, string?> settings)
    {
        var all = settings.ToDictionary(setting => "Channels:Vonage:" + setting.Key, setting => setting.Value);
        all["Channels:Vonage:BaseAddress"] = all["Channels:Vonage:SmsBaseAddress"] = server.Address.ToString();
        return new ChannelsHost(all, clock);
    }

    private static Dictionary<string, string?> Signing() => new()
    {
        ["ApplicationId"] = Keys.Input("applicationId"), ["PrivateKey"] = Keys.Input("privateKeyPem"), ["From"] = "+447700900001",
    };

    private static Dictionary<string, string?> Basic(string api) => new()
    {
        ["Api"] = api, ["ApiKey"] = Keys.Input("apiKey"), ["ApiSecret"] = Keys.Input("apiSecret"), ["From"] = "Acme",
    };

    private static SmsMessage Message(string text) => new() { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+447700900000", Text = text };
}
