using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Tests.Channels.Inbox;
using NotificationServer.Tests.Channels.Push.Apns;
using NotificationServer.Tests.Channels.Push.Fcm;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels;

public sealed class ProviderRoutesTests(InboxDatabase db) : IClassFixture<InboxDatabase>
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:1");

    private static Dictionary<string, string?> All => ApnsHost.Settings(Nowhere).Concat(FcmHost.Settings(Nowhere, Nowhere)).Concat(new Dictionary<string, string?>
    {
        ["Channels:Twilio:AccountSid"] = "AC1", ["Channels:Twilio:AuthToken"] = "x", ["Channels:Twilio:From"] = "+15005550006",
        ["Channels:SendGrid:ApiKey"] = "x", ["Channels:SendGrid:From"] = "a@example.org",
    }).ToDictionary();

    [Theory]
    [InlineData("ios_push", "apns", "apns")]
    [InlineData("ios_push", "fcm", "fcm")]
    [InlineData("android_push", "fcm", "fcm")]
    [InlineData("web_push", "fcm", "fcm")]
    [InlineData("android_push", "jpush", null)]
    [InlineData("web_push", "webpush", null)]
    [InlineData("sms", null, "twilio")]
    [InlineData("email", null, "sendgrid")]
    public async Task A_message_goes_to_the_provider_that_owns_its_address(string channel, string? pushProvider, string? name)
    {
        await using var channels = new ChannelsHost(All);
        var routes = channels.Services.GetRequiredService<ProviderRoutes>();

        Assert.Equal(name, routes.NameFor(ChannelNames.Parse(channel), pushProvider, sandbox: false));
        Assert.Equal(name is not null, routes.CanCarry(new RouteQuery(ChannelNames.Parse(channel), pushProvider)));
        Assert.Equal("inbox", routes.NameFor(ChannelNames.Parse(channel), pushProvider, sandbox: true));
    }

    [Theory]
    [InlineData("Production", null, false)]
    [InlineData("Development", null, true)]
    [InlineData("Development", "false", false)]
    [InlineData("Production", "true", true)]
    public async Task What_no_vendor_carries_goes_to_the_inbox_in_development_only_unless_told_otherwise(string environment, string? enabled, bool carried)
    {
        await using var channels = new ChannelsHost(new() { ["Channels:Inbox:Enabled"] = enabled }, environment: environment);
        var routes = channels.Services.GetRequiredService<ProviderRoutes>();

        Assert.Equal(carried, routes.CanCarry(new RouteQuery(Channel.Sms, null)));
        Assert.True(routes.CanCarry(new RouteQuery(Channel.Sms, null) { Sandbox = true }));
    }

    [Fact]
    public async Task A_message_that_nobody_carries_is_told_so()
    {
        await using var channels = new ChannelsHost([]);

        var (provider, outcome) = await channels.Services.GetRequiredService<ProviderRoutes>().SendAsync(Sms, sandbox: false, CancellationToken.None);

        Assert.Equal(("none", SendStatus.NotSent, "no_provider"), (provider, outcome.Status, outcome.Code));
    }

    [Fact]
    public async Task A_sandbox_message_reaches_the_inbox_and_never_a_vendor()
    {
        await using var server = await VendorServer.StartHttp1Async();
        var settings = All;
        settings["Channels:Twilio:BaseAddress"] = server.Address.ToString();
        await using var channels = new ChannelsHost(settings, db: db.Source);

        var (provider, outcome) = await channels.Services.GetRequiredService<ProviderRoutes>().SendAsync(Sms, sandbox: true, CancellationToken.None);

        Assert.Equal(("inbox", SendStatus.Accepted), (provider, outcome.Status));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_connector_that_breaks_may_have_sent_it()
    {
        await using var channels = new ChannelsHost([]);

        var outcome = await SendAsync(channels, () => throw new InvalidOperationException("of +15558675310"));

        Assert.Equal((SendStatus.Unknown, "connector_broke"), (outcome.Status, outcome.Code));
        Assert.DoesNotContain("+1555", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connector_that_lets_its_deadline_out_may_have_sent_it()
    {
        await using var channels = new ChannelsHost([]);

        Assert.Equal(SendStatus.Unknown, (await SendAsync(channels, () => throw new OperationCanceledException())).Status);
    }

    [Fact]
    public async Task Whatever_a_provider_says_can_be_stored()
    {
        await using var channels = new ChannelsHost([]);

        var accepted = await SendAsync(channels, () => SendOutcome.Accepted($"SM\0{(char)0xD83D}" + new string('1', 5000)));
        var refused = await SendAsync(channels, () => SendOutcome.Permanent($"{(char)0xDE00}\0", $"no{(char)0xD83D}"));

        Assert.StartsWith("SM\ufffd1", accepted.ProviderMessageId, StringComparison.Ordinal);
        Assert.InRange(accepted.ProviderMessageId!.Length, 100, 500);
        Assert.Equal(("\ufffd", "no\ufffd"), (refused.Code, refused.Detail));
    }

    private static async Task<SendOutcome> SendAsync(ChannelsHost channels, Func<SendOutcome> answer)
    {
        var account = new ProviderAccount("own", "own") { Channels = [Channel.Sms], Connection = new Connection(new OwnConnector(answer), isOwned: false) };
        return await channels.Services.GetRequiredService<ProviderRoutes>().SendAsync(account, Sms, CancellationToken.None);
    }

    private sealed class OwnConnector(Func<SendOutcome> answer) : IProvider<SmsMessage>
    {
        public string Name => "own";

        public bool Carries(Channel channel, string? pushProvider) => true;

        public Task<SendOutcome> SendAsync(SmsMessage message, CancellationToken ct) => Task.FromResult(answer());
    }

    public static TheoryData<string, string, string> Halves => new()
    {
        { "Channels:Apns:KeyId", "ABC123DEFG", "Channels:Apns:TeamId is missing" },
        { "Channels:Apns:PrivateKeyFile", "/nowhere.p8", "Channels:Apns:PrivateKeyFile: there is no such file" },
        { "Channels:Fcm:ServiceAccountFile", "/nowhere.json", "Channels:Fcm:ServiceAccountFile: there is no such file" },
        { "Channels:Twilio:AccountSid", "AC1", "Channels:Twilio:ApiKeySid and ApiKeySecret (or AuthToken) is missing" },
        { "Channels:Twilio:ApiKeySid", "SK1", "Channels:Twilio:ApiKeySecret is missing" },
        { "Channels:Twilio:MessagingServiceSid", "MG1", "Channels:Twilio:AccountSid is missing" },
        { "Channels:SendGrid:ApiKey", "SG.x", "Channels:SendGrid:From is missing" },
        { "Channels:Vonage:ApplicationId", "a", "Channels:Vonage:PrivateKeyFile is missing" },
        { "Channels:Vonage:ApiKey", "k", "Channels:Vonage:ApiSecret is missing" },
        { "Channels:Mailchimp:ApiKey", "md-x", "Channels:Mailchimp:From is missing" },
        { "Channels:Smtp:Host", "mail.example.org", "Channels:Smtp:From is missing" },
        { "Channels:Smtp:From", "no address", "Channels:Smtp:From: not a mail address" },
        { "Channels:Smtp:Password", "x", "Channels:Smtp:User is missing" },
        { "Channels:Smtp:DkimDomain", "mail.example.org", "Channels:Smtp:DkimSelector is missing" },
        { "Channels:Smtp:DkimKey", "not a key", "Channels:Smtp:DkimKey: not a PEM key of RSA" },
        { "Channels:TrustedRootsFile", "/nowhere.pem", "Channels:TrustedRootsFile: there is no such file" },
    };

    [Theory]
    [MemberData(nameof(Halves))]
    public async Task Half_a_configuration_does_not_start_and_says_what_is_missing(string name, string value, string message)
    {
        await using var channels = new ChannelsHost(new() { [name] = value });

        var problem = await Assert.ThrowsAsync<OptionsValidationException>(channels.StartAsync);

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Channels:Twilio:BaseAddress", "http://api.twilio.com")]
    [InlineData("Channels:Apns:BaseAddress", "http://10.1.2.3")]
    [Bar("S35")]
    public async Task Credentials_are_never_sent_in_clear_to_another_machine(string name, string value)
    {
        var settings = All;
        settings[name] = value;
        await using var channels = new ChannelsHost(settings);

        await Assert.ThrowsAsync<OptionsValidationException>(channels.StartAsync);
    }

    [Fact]
    public async Task A_file_that_is_no_service_account_does_not_start()
    {
        await using var channels = new ChannelsHost(new() { ["Channels:Fcm:ServiceAccountFile"] = TestRoot.File });

        var problem = await Assert.ThrowsAsync<OptionsValidationException>(channels.StartAsync);

        Assert.Contains("not the JSON of a service account", problem.Message, StringComparison.Ordinal);
    }

    private static SmsMessage Sms => new() { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+15558675310", Text = "Hello" };
}
