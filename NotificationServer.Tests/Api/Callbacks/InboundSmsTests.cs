using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Callbacks;

/// What people write back, as Twilio and Vonage hand it on.
public sealed class InboundSmsTests(InboundSmsTests.Fixture fixture) : IClassFixture<InboundSmsTests.Fixture>
{
    private const string Token = "twilio-auth-token";
    private const string Secret = "vonage-signature-secret-0123456789ab";

    private ServerHost Server => fixture.Server;

    [Fact]
    public async Task STOP_suppresses_the_number_at_once_is_in_the_history_and_START_takes_it_back()
    {
        var (user, phone) = await GivenUserAsync("de");

        var answer = await TwilioAsync(phone, "Stop.");
        Assert.Contains("<Message>Shop: Sie erhalten keine SMS mehr von uns.", answer, StringComparison.Ordinal);
        Assert.Equal("suppressed_address", await ReasonAsync(user));
        Assert.Equal("suppressed_address", await ReasonAsync(user, "security")); // the law knows no category

        await TwilioAsync(phone, "start");
        Assert.Null(await ReasonAsync(user));
        Assert.Equal(["sms_stop", "sms_start"], await SourcesAsync(user));
    }

    [Fact]
    public async Task A_text_that_is_delivered_twice_counts_once_even_after_the_person_changed_their_mind()
    {
        var (user, phone) = await GivenUserAsync();
        await TwilioAsync(phone, "STOP", id: $"SM-{user}");
        await TwilioAsync(phone, "START");

        var again = await TwilioAsync(phone, "STOP", id: $"SM-{user}");

        Assert.Contains("<Message>", again, StringComparison.Ordinal); // the first answer may have been lost
        Assert.Null(await ReasonAsync(user));
        Assert.Equal(2, (await SourcesAsync(user)).Count);
    }

    [Fact]
    public async Task Any_reasonable_wording_counts_at_once_and_waits_for_a_person_to_read_it()
    {
        var (user, phone) = await GivenUserAsync();

        await TwilioAsync(phone, "please stop texting me");

        Assert.Equal("suppressed_address", await ReasonAsync(user));
        Assert.Equal(1, await Server.Database.Source.CountAsync("select count(*) from inbound_sms where intent = 'review' and text = 'please stop texting me'"));
    }

    [Fact]
    public async Task A_long_no_counts_wherever_what_is_kept_of_it_ends()
    {
        var (user, phone) = await GivenUserAsync();
        var begins = "please stop " + new string('x', 487);

        await TwilioAsync(phone, $"{begins}😀 and thanks");

        Assert.Equal("suppressed_address", await ReasonAsync(user));
        Assert.Equal(1, await Server.Database.Source.CountAsync($"select count(*) from inbound_sms where text = '{begins}'"));
    }

    [Fact]
    public async Task A_no_in_a_part_that_ends_in_half_a_character_counts()
    {
        var (user, phone) = await GivenUserAsync();
        var body = $$"""{"channel":"sms","message_uuid":"{{Guid.CreateVersion7()}}","from":"{{phone[1..]}}","text":"please stop \ud83d"}""";

        using (var signed = await PostVonageAsync(body, Bearer(body, Secret))) Assert.Equal(HttpStatusCode.OK, signed.StatusCode);

        Assert.Equal("suppressed_address", await ReasonAsync(user));
    }

    [Fact]
    public async Task HELP_is_answered_with_who_we_are_and_anything_else_with_nothing()
    {
        var (user, phone) = await GivenUserAsync();
        Assert.Contains("Shop: Help: help@shop.example.", await TwilioAsync(phone, "help"), StringComparison.Ordinal);
        Assert.Equal("<Response/>", await TwilioAsync(phone, "see you <tomorrow>"));
        Assert.Null(await ReasonAsync(user));
    }

    [Fact]
    public async Task What_Twilio_has_answered_itself_is_stored_and_not_answered_again()
    {
        var (user, phone) = await GivenUserAsync();

        Assert.Equal("<Response/>", await TwilioAsync(phone, "Arrête", extra: ("OptOutType", "STOP")));

        Assert.Equal("suppressed_address", await ReasonAsync(user));
    }

    [Fact]
    public async Task START_does_not_bring_back_a_number_that_is_dead()
    {
        var (user, phone) = await GivenUserAsync();
        await Server.Client.JsonAsync("POST /v1/suppressions", $$"""{"channel":"sms","address":"{{phone}}","reason":"hard_bounce"}""");

        await TwilioAsync(phone, "STOP");
        await TwilioAsync(phone, "START");

        Assert.Equal("suppressed_address", await ReasonAsync(user));
    }

    [Fact]
    public async Task What_Twilio_did_not_sign_is_refused_and_changes_nothing()
    {
        var (user, phone) = await GivenUserAsync();
        using var forged = await PostTwilioAsync(phone, "STOP", $"SM{Guid.CreateVersion7():N}", "not-the-token");
        using var unsigned = await Server.ClientFor(null).PostAsync(new Uri("/in/sms/twilio", UriKind.Relative), new StringContent("Body=STOP", Encoding.UTF8, "application/x-www-form-urlencoded"));
        using var nobody = await Server.ClientFor(null).PostAsync(new Uri("/in/sms/nobody", UriKind.Relative), new StringContent("Body=STOP"));

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], [forged.StatusCode, unsigned.StatusCode, nobody.StatusCode]);
        Assert.Null(await ReasonAsync(user));
    }

    [Fact]
    public async Task An_account_that_people_added_has_an_address_of_its_own_and_is_known_by_its_own_token_alone()
    {
        var (user, phone) = await GivenUserAsync();
        await Server.Client.JsonAsync("PUT /v1/providers/twilio-east", """
            {"kind":"twilio","enabled":false,"settings":{"account_sid":"AC9","from":"+15005550006"},"secrets":{"auth_token":"east-token"}}
            """);

        using (var another = await PostTwilioAsync(phone, "STOP", "SM-east-1", Token, "twilio-east")) Assert.Equal(HttpStatusCode.Forbidden, another.StatusCode);
        Assert.Null(await ReasonAsync(user));
        using (var own = await PostTwilioAsync(phone, "STOP", "SM-east-1", "east-token", "twilio-east"))
            Assert.Contains("<Message>", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("suppressed_address", await ReasonAsync(user));
        using (var elsewhere = await PostTwilioAsync(phone, "START", "SM-east-2", "east-token")) Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Vonage_is_believed_by_its_token_and_told_to_come_again_where_there_is_none()
    {
        var (user, phone) = await GivenUserAsync();
        var body = $$"""{"channel":"sms","message_uuid":"{{Guid.CreateVersion7()}}","to":"447700900001","from":"{{phone[1..]}}","text":"STOP"}""";

        using (var unsigned = await PostVonageAsync(body, null)) Assert.Equal(HttpStatusCode.ServiceUnavailable, unsigned.StatusCode);
        using (var forged = await PostVonageAsync(body, Bearer(body, "another-secret-0123456789-0123456789"))) Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        using (var changed = await PostVonageAsync(body.Replace("STOP", "STOPALL", StringComparison.Ordinal), Bearer(body, Secret))) Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
        Assert.Null(await ReasonAsync(user));

        using (var signed = await PostVonageAsync(body, Bearer(body, Secret))) Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        Assert.Equal("suppressed_address", await ReasonAsync(user));
    }

    private async Task<string> TwilioAsync(string from, string text, string? id = null, params (string Name, string Value)[] extra)
    {
        using var answer = await PostTwilioAsync(from, text, id ?? $"SM{Guid.CreateVersion7():N}", Token, "twilio", extra);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {body}");
        return body;
    }

    private async Task<HttpResponseMessage> PostTwilioAsync(string from, string text, string id, string token, string account = "twilio", params (string Name, string Value)[] extra)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["MessageSid"] = id, ["From"] = from, ["To"] = "+15005550006", ["Body"] = text, ["NumMedia"] = "0" };
        foreach (var (name, value) in extra) fields[name] = value;
        // Twilio knows us by our public address, not by the one that the proxy calls.
        var signed = $"https://messages.example.org/in/sms/{account}" + string.Concat(fields.Select(field => field.Key + field.Value));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/in/sms/{account}", UriKind.Relative)) { Content = new FormUrlEncodedContent(fields) };
#pragma warning disable CA5350 // what Twilio signs with
        request.Headers.Add("X-Twilio-Signature", Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed))));
#pragma warning restore CA5350
        return await Server.ClientFor(null).SendAsync(request);
    }

    private async Task<HttpResponseMessage> PostVonageAsync(string body, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/in/sms/vonage", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await Server.ClientFor(null).SendAsync(request);
    }

    private static string Bearer(string body, string secret) => "Bearer " + new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        $$"""{"iat":{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}},"iss":"Vonage","payload_hash":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}}"}""",
        new Microsoft.IdentityModel.Tokens.SigningCredentials(new Microsoft.IdentityModel.Tokens.SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), "HS256"));

    private async Task<(string User, string Phone)> GivenUserAsync(string? locale = null)
    {
        var (user, phone) = ($"s_{Guid.CreateVersion7():N}", $"+1555{Random.Shared.Next(1_000_000, 9_999_999)}");
        await Server.GivenUserAsync(user, $$"""{"phone":"{{phone}}","locale":{{(locale is null ? "null" : $"\"{locale}\"")}}}""");
        return (user, phone);
    }

    private async Task<string?> ReasonAsync(string user, string category = "orders") => (await Server.Client.JsonAsync("POST /v1/notifications",
        $$$"""{"to":[{"user_id":"{{{user}}}"}],"channels":["sms"],"category":"{{{category}}}","content":{"text":"Hello"}}"""))
        .GetProperty("messages")[0] is var message && message.TryGetProperty("reason", out var reason) ? reason.GetString() : null;

    private async Task<List<string?>> SourcesAsync(string user) => [.. (await Server.Client.JsonAsync($"GET /v1/users/{user}/consents")).GetProperty("data")
        .EnumerateArray().Select(row => row.GetProperty("source").GetString())];

    public sealed class Fixture : IAsyncLifetime
    {
        public ServerHost Server { get; private set; } = null!; // xunit initialises before any test

        public async Task InitializeAsync() => Server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["Links:PublicUrl"] = "https://messages.example.org",
            ["Channels:InboundSms:TwilioAuthToken"] = Token,
            ["Channels:InboundSms:VonageSignatureSecret"] = Secret,
            ["Channels:InboundSms:ProgramName"] = "Shop",
            ["Channels:InboundSms:HelpContact"] = "help@shop.example",
        });

        public Task DisposeAsync() => Server.DisposeAsync();
    }
}
