using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Tests.Channels;

namespace NotificationServer.Tests.Simulator;

/// Vonage and Mailchimp in the simulator: what their own SDKs sent is taken, what breaks their rules is not.
public sealed class SecondVendorTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("vonage-messages-sms-basic", "vonage", 202)]
    [InlineData("vonage-messages-sms-jwt", "vonage", 202)]
    [InlineData("vonage-sms-api", "vonage-sms", 200)]
    [InlineData("mandrill-send", "mailchimp", 200)]
    [InlineData("mandrill-ping", "mailchimp", 200)]
    public async Task What_the_SDK_sends_is_answered_with_the_members_of_a_real_answer(string name, string provider, int status)
    {
        var vector = ProviderVector.Load(name);
        using var response = await simulator.Http.SendAsync(vector.Request(simulator.UrlOf(provider)));

        Assert.Equal(status, (int)response.StatusCode);
        var (answer, real) = (JsonElement.Parse(await response.Content.ReadAsByteArrayAsync()), JsonElement.Parse(vector.MockBody()));
        Assert.Equal(Members(real), Members(answer));
    }

    [Theory]
    [InlineData("vonage", "447700900000", "+447700900000", "1170")]
    [InlineData("vonage", "\"Hello\"", "\"\"", "1020")]
    [InlineData("vonage", "\"Acme\"", "\"a name that is too long\"", "1120")]
    [InlineData("vonage-sms", "447700900000", "12", "\"status\":\"3\"")]
    [InlineData("vonage-sms", "900000", "900", "\"status\":\"3\"")]
    [InlineData("mailchimp", "news@mail.example.org", "nobody", "ValidationError")]
    [InlineData("mailchimp", "news@mail.example.org", "news@other.example", "unsigned")]
    [InlineData("mailchimp", "md-testkey", "md-otherkey", "Invalid_Key")]
    [InlineData("mailchimp", "ann@example.com", "no address", "\"status\":\"invalid\"")]
    public async Task What_breaks_a_rule_is_refused_in_the_vendors_words(string provider, string find, string replace, string word)
    {
        var request = await simulator.GoodRequestAsync(provider);
        var body = await request.Content!.ReadAsStringAsync();
        request.Content = new StringContent(body.Replace(find, replace, StringComparison.Ordinal), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        var before = simulator.Host.Ledger.Count(entry => entry.Provider == provider);

        using var response = await simulator.Http.SendAsync(request);

        Assert.Contains(word, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, simulator.Host.Ledger.Count(entry => entry.Provider == provider));
    }

    [Theory]
    [InlineData("Messages", "+15005550006", nameof(SendStatus.Accepted), 1)]
    [InlineData("Messages", "+15005559009", nameof(SendStatus.AddressDead), 0)]
    [InlineData("Messages", "+15005550429", nameof(SendStatus.Throttled), 0)]
    [InlineData("Messages", "+15005559007", nameof(SendStatus.Unknown), 1)]
    [InlineData("Sms", "+15005550006", nameof(SendStatus.Accepted), 1)]
    [InlineData("Sms", "+15005559009", nameof(SendStatus.AddressDead), 0)]
    [InlineData("Sms", "+15005550429", nameof(SendStatus.Throttled), 0)]
    [InlineData("Sms", "+15005550402", nameof(SendStatus.Misconfigured), 0)]
    [InlineData("Sms", "+15005559004", nameof(SendStatus.Unknown), 1)]
    public async Task Our_connector_to_Vonage_understands_it(string api, string to, string status, int taken)
    {
        var message = new SmsMessage { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = to, Text = "Hello ✓" };
        await using var channels = Channels("Vonage", ("Api", api));

        Assert.Equal(status, (await channels.Provider<SmsMessage>().SendAsync(message, CancellationToken.None)).Status.ToString());
        Assert.Equal(taken, simulator.Host.Ledger.Count(entry => entry.MessageKey == message.Id.ToString("D")));
    }

    [Theory]
    [InlineData("ann@example.com", nameof(SendStatus.Accepted), 1)]
    [InlineData("gone@sim.example", nameof(SendStatus.AddressDead), 0)]
    [InlineData("status-503@sim.example", nameof(SendStatus.Transient), 0)]
    [InlineData("throttled-7@sim.example", nameof(SendStatus.Throttled), 0)]
    [InlineData("accept-reset@sim.example", nameof(SendStatus.Unknown), 1)]
    public async Task Our_connector_to_Mailchimp_understands_it(string to, string status, int taken)
    {
        var message = new EmailMessage { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = to, Subject = "s", Text = "t", Unsubscribe = "https://u.example.org/o" };
        await using var channels = Channels("Mailchimp");

        Assert.Equal(status, (await channels.Provider<EmailMessage>().SendAsync(message, CancellationToken.None)).Status.ToString());
        Assert.Equal(taken, simulator.Host.Ledger.Count(entry => entry.MessageKey == message.Id.ToString("D")));
    }

    /// With the settings that the simulator writes for a server.
    private ChannelsHost Channels(string vendor, params (string Name, string Value)[] more)
    {
        var settings = simulator.Host.SecondVendors.Where(setting => setting.Key.StartsWith($"Channels:{vendor}:", StringComparison.Ordinal)).ToDictionary();
        settings["Channels:TrustedRootsFile"] = simulator.Host.RootFile;
        foreach (var (name, value) in more) settings[$"Channels:{vendor}:{name}"] = value;
        return new ChannelsHost(settings, simulator.Clock);
    }

    private static IEnumerable<string> Members(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Members(member.Value).Prepend(member.Name)).Order(),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Members),
        _ => [],
    };
}
