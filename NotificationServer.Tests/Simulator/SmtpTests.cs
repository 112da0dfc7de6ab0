using NotificationServer.Channels;
using NotificationServer.Simulator.Faults;
using NotificationServer.Tests.Channels;

namespace NotificationServer.Tests.Simulator;

/// The simulated mail server, and what our connector makes of its faults: the ledger says what was really taken.
public sealed class SmtpTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("StartTls")]
    [InlineData("Implicit")]
    public async Task A_mail_is_in_the_ledger_under_our_id(string security)
    {
        var message = Message("ann@example.com") with { Subject = "Grüße", Html = "<p>x</p>" };

        var outcome = await SendAsync(message, security);

        Assert.Equal(SendStatus.Accepted, outcome.Status);
        var entry = Assert.Single(simulator.Host.Ledger, e => e.MessageKey == message.Id.ToString("D"));
        Assert.Equal(("smtp", "ann@example.com"), (entry.Provider, entry.To));
        Assert.Equal($"bounce+{message.Id:D}@mail.example.org", entry.Body.GetProperty("sender").GetString());
        Assert.EndsWith(entry.Id, outcome.ProviderMessageId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gone", nameof(SendStatus.AddressDead), 0)]
    [InlineData("status-503", nameof(SendStatus.Transient), 0)]
    [InlineData("status-429", nameof(SendStatus.Transient), 0)]
    [InlineData("status-400", nameof(SendStatus.Permanent), 0)]
    [InlineData("reset", nameof(SendStatus.Unknown), 0)]
    [InlineData("accept-reset", nameof(SendStatus.Unknown), 1)]
    [InlineData("accept-503", nameof(SendStatus.Transient), 1)]
    [InlineData("garbage", nameof(SendStatus.Unknown), 1)]
    [InlineData("truncate", nameof(SendStatus.Unknown), 1)]
    public async Task An_address_can_carry_its_own_fault(string word, string status, int taken)
    {
        var message = Message($"{word}+{Guid.CreateVersion7():N}@sim.example");

        Assert.Equal(status, (await SendAsync(message)).Status.ToString());
        Assert.Equal(taken, simulator.Host.Ledger.Count(e => e.MessageKey == message.Id.ToString("D")));
    }

    [Fact]
    public async Task A_fault_of_the_server_itself_speaks_SMTP()
    {
        using (simulator.Given("smtp", new Fault { Status = 535, Code = "5.7.8" }))
            Assert.Equal((SendStatus.Misconfigured, "535 5.7.8"), Pair(await SendAsync(Message("ann@example.com"))));
        using (simulator.Given("smtp", new Fault { Status = 452, Code = "4.2.2" }))
            Assert.Equal((SendStatus.Transient, "452 4.2.2"), Pair(await SendAsync(Message("ann@example.com"))));
    }

    [Fact]
    public async Task A_wrong_password_and_another_domains_sender_are_refused()
    {
        Assert.Equal(SendStatus.Misconfigured, (await SendAsync(Message("ann@example.com"), password: "wrong")).Status);
        Assert.Equal(SendStatus.Permanent, (await SendAsync(Message("ann@example.com") with { From = "news@other.example" })).Status);
    }

    private async Task<SendOutcome> SendAsync(EmailMessage message, string security = "StartTls", string? password = null)
    {
        var host = simulator.Host;
        await using var channels = new ChannelsHost(new()
        {
            ["Channels:TrustedRootsFile"] = host.RootFile, ["Channels:Smtp:Host"] = "127.0.0.1",
            ["Channels:Smtp:Port"] = $"{(security == "Implicit" ? host.Urls.SmtpImplicit : host.Urls.SmtpStartTls).Port}", ["Channels:Smtp:Security"] = security,
            ["Channels:Smtp:User"] = host.Credentials.SmtpUser, ["Channels:Smtp:Password"] = password ?? host.Credentials.SmtpPassword,
            ["Channels:Smtp:From"] = host.Credentials.SmtpFrom,
        });
        return await channels.Provider<EmailMessage>().SendAsync(message, CancellationToken.None);
    }

    private static (SendStatus, string?) Pair(SendOutcome outcome) => (outcome.Status, outcome.Code);

    private static EmailMessage Message(string to) =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = to, Subject = "s", Text = "t" };
}
