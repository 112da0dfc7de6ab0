using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace NotificationServer.Tests.Simulator;

public sealed class TwilioTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("twilio-send-authtoken-from-number", "SM", "queued")]
    [InlineData("twilio-send-apikey-messaging-service", "SM", "accepted")]
    [InlineData("twilio-send-mms-scheduled", "MM", "scheduled")]
    public async Task What_the_SDK_sends_is_created_with_the_members_of_a_real_answer(string name, string kind, string status)
    {
        var vector = ProviderVector.Load(name);
        using var response = await simulator.Http.SendAsync(vector.Request(simulator.Host.Urls.Twilio));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        using var real = JsonDocument.Parse(vector.MockBody());
        Assert.Equal(real.RootElement.EnumerateObject().Select(m => m.Name).Order(), answer.RootElement.EnumerateObject().Select(m => m.Name).Order());
        Assert.Equal(status, answer.RootElement.GetProperty("status").GetString());
        var sid = answer.RootElement.GetProperty("sid").GetString()!;
        Assert.Matches($"^{kind}[0-9a-f]{{32}}$", sid);
        Assert.Equal("+15558675310", simulator.Host.Ledger.Single(e => e.Id == sid).To);
    }

    [Fact]
    public async Task The_ledger_has_the_decoded_form_and_the_id_from_the_callback_url()
    {
        using var response = await simulator.Http.SendAsync(ProviderVector.Load("twilio-send-apikey-messaging-service").Request(simulator.Host.Urls.Twilio));
        response.EnsureSuccessStatusCode();

        var entry = simulator.Host.Ledger.Last(e => e.MessageKey == "42");
        Assert.Equal("Your code is 1234 ✓ café & more", entry.Body.GetProperty("Body").GetString());
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        var request = await simulator.GoodRequestAsync("twilio");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("AC0123456789abcdef0123456789abcdef:wrong"u8));

        await RefusedAsync(request, 401, 20003);
    }

    [Fact]
    public async Task Another_account_in_the_path_is_not_found()
    {
        var request = await simulator.GoodRequestAsync("twilio");
        request.RequestUri = new Uri(simulator.Host.Urls.Twilio, "/2010-04-01/Accounts/AC99/Messages.json");

        await RefusedAsync(request, 404, 20404);
    }

    [Theory]
    [InlineData("From=%2B15005550006&Body=x", 21604)]
    [InlineData("To=12345&From=%2B15005550006&Body=x", 21211)]
    [InlineData("To=%2B15558675310&Body=x", 21603)]
    [InlineData("To=%2B15558675310&From=%2B15551112222&Body=x", 21606)]
    [InlineData("To=%2B15558675310&From=!&Body=x", 21212)]
    [InlineData("To=%2B15558675310&MessagingServiceSid=MG1&Body=x", 21701)]
    [InlineData("To=%2B15558675310&From=%2B15005550006", 21602)]
    [InlineData("To=%2B15558675310&From=%2B15005550006&Body=x&StatusCallback=nowhere", 21609)]
    [InlineData("To=%2B15558675310&From=%2B15005550006&Body=x&MediaUrl=ftp://x/y", 21620)]
    public async Task A_wrong_parameter_gets_Twilios_own_code(string form, int code)
    {
        var request = await simulator.GoodRequestAsync("twilio");
        request.Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));

        await RefusedAsync(request, 400, code);
    }

    [Fact]
    public async Task A_body_of_1600_characters_passes_and_one_more_is_too_long()
    {
        var longest = await simulator.GoodRequestAsync("twilio");
        longest.Content = Text(1600);
        (await simulator.Http.SendAsync(longest)).EnsureSuccessStatusCode();

        var longer = await simulator.GoodRequestAsync("twilio");
        longer.Content = Text(1601);
        await RefusedAsync(longer, 400, 21617);
    }

    private static FormUrlEncodedContent Text(int characters) =>
        new([new("To", "+15558675310"), new("From", "+15005550006"), new("Body", new string('ü', characters))]);

    private async Task RefusedAsync(HttpRequestMessage request, int status, int code)
    {
        var before = simulator.Host.Ledger.Count;
        using var response = await simulator.Http.SendAsync(request);

        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal((status, code), ((int)response.StatusCode, body.RootElement.GetProperty("code").GetInt32()));
        Assert.Equal(status, body.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(before, simulator.Host.Ledger.Count);
    }
}
