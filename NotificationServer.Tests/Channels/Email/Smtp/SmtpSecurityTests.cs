using NotificationServer.Channels;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels.Email.Smtp;

[Bar("S35")]
public sealed class SmtpSecurityTests
{
    [Fact]
    public async Task StartTls_comes_before_the_password_and_what_was_said_in_clear_is_forgotten()
    {
        await using var server = new ScriptedMailServer(tlsAtOnce: false)
        {
            PlainHello = "250-mx\n250-STARTTLS\n250 AUTH LOGIN",
            Hello = "250-mx\n250 AUTH PLAIN",
        };

        Assert.Equal(SendStatus.Accepted, await SendAsync(server));
        Assert.Equal(["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL"], server.Commands.Select(command => command.Split(' ')[0]).Take(5));
        Assert.StartsWith("AUTH PLAIN ", server.Commands[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_offers_no_TLS_never_sees_the_password()
    {
        await using var server = new ScriptedMailServer(tlsAtOnce: false) { PlainHello = "250-mx\n250 AUTH PLAIN" };

        Assert.Equal(SendStatus.Misconfigured, await SendAsync(server));
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_STARTTLS_ends_it()
    {
        await using var server = new ScriptedMailServer(tlsAtOnce: false);
        server.Next("STARTTLS", "454 4.7.0 TLS not available");

        Assert.Equal(SendStatus.Transient, await SendAsync(server));
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    /// The bytes of somebody in between, put behind the answer to STARTTLS: had they been kept, they would have answered
    /// the greeting under TLS, and everything after it would be off by one.
    [Fact]
    public async Task What_was_pipelined_ahead_of_the_handshake_is_thrown_away()
    {
        await using var server = new ScriptedMailServer(tlsAtOnce: false) { Pipelined = "250-evil\n250 AUTH LOGIN", Hello = "250-mx\n250 AUTH PLAIN" };

        var status = await SendAsync(server);

        // Read along with the answer they are dropped; come later they spoil the handshake. Neither lets them in.
        Assert.Contains(status, new[] { SendStatus.Accepted, SendStatus.NotSent });
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH LOGIN", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_cannot_prove_who_it_is_is_not_spoken_to(bool tlsAtOnce)
    {
        await using var server = new ScriptedMailServer(tlsAtOnce);
        var settings = server.Settings();
        settings["Channels:TrustedRootsFile"] = "";
        await using var channels = new ChannelsHost(settings);

        var outcome = await channels.Provider<EmailMessage>().SendAsync(Message(), CancellationToken.None);

        Assert.Equal((SendStatus.NotSent, "tls"), (outcome.Status, outcome.Code));
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_access_token_is_told_in_the_way_of_XOAUTH2_and_its_refusal_is_acknowledged()
    {
        await using var server = new ScriptedMailServer { Hello = "250-mx\n250 AUTH PLAIN XOAUTH2" };
        var settings = new (string, string?)[] { ("AccessToken", "ya29.token"), ("Password", null) };

        Assert.Equal(SendStatus.Accepted, await SendAsync(server, settings));
        Assert.Contains($"AUTH XOAUTH2 {Base64("user=mailer\u0001auth=Bearer ya29.token\u0001\u0001")}", server.Commands);

        server.Next("AUTH", $"334 {Base64("""{"status":"400"}""")}").Next("", "535 5.7.8 Not accepted");
        Assert.Equal(SendStatus.Misconfigured, await SendAsync(server, settings));
    }

    [Fact]
    public async Task A_token_that_is_too_long_for_a_command_waits_to_be_asked_for()
    {
        await using var server = new ScriptedMailServer { Hello = "250-mx\n250 AUTH XOAUTH2" };
        var token = new string('t', 1500);
        var coded = Base64($"user=mailer\u0001auth=Bearer {token}\u0001\u0001");
        server.Next("AUTH", "334 ").Next(coded, "235 2.7.0 Accepted");

        Assert.Equal(SendStatus.Accepted, await SendAsync(server, ("AccessToken", token), ("Password", null)));
        Assert.Equal(["AUTH XOAUTH2", coded], server.Commands.Skip(1).Take(2));
    }

    [Fact]
    public async Task A_server_without_a_mechanism_of_ours_is_ours_to_mend()
    {
        await using var server = new ScriptedMailServer { Hello = "250-mx\n250 AUTH GSSAPI" };

        Assert.Equal(SendStatus.Misconfigured, await SendAsync(server));
    }

    [Fact]
    public async Task Credentials_are_checked_without_a_mail()
    {
        await using var server = new ScriptedMailServer(tlsAtOnce: false);
        server.Next("AUTH", "535 5.7.8 no");
        await using var channels = new ChannelsHost(server.Settings());
        var check = (ICredentialCheck)channels.Provider<EmailMessage>();

        Assert.Equal(SendStatus.Misconfigured, (await check.CheckAsync(CancellationToken.None)).Status);
        Assert.Equal(SendStatus.Accepted, (await check.CheckAsync(CancellationToken.None)).Status);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static async Task<SendStatus> SendAsync(ScriptedMailServer server, params (string, string?)[] settings)
    {
        await using var channels = new ChannelsHost(server.Settings(settings));
        return (await channels.Provider<EmailMessage>().SendAsync(Message(), CancellationToken.None)).Status;
    }

    private static EmailMessage Message() =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "s", Text = "t" };
}
