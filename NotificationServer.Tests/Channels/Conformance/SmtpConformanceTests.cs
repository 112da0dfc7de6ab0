using NotificationServer.Benchmarks.Faults;
using NotificationServer.Channels;
using NotificationServer.Tests.Channels.Email.Smtp;

namespace NotificationServer.Tests.Channels.Conformance;

/// The same duties for the one connector that does not speak HTTP, said to a server that speaks SMTP.
public sealed class SmtpConformanceTests
{
    private static readonly string[] Secrets = ["s3crét", "ann@example.com", "words"];

    [Fact]
    public async Task What_the_server_takes_is_accepted_under_the_servers_words()
    {
        await using var server = new ScriptedMailServer();

        Assert.Equal(SendOutcome.Accepted("Ok: queued as 4F3C21A0B"), await SendAsync(server));
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task Of_many_words_whole_characters_are_kept()
    {
        await using var server = new ScriptedMailServer();
        server.Next(".", $"250 2.0.0 {new string('a', 199)}😀");

        Assert.Equal(SendOutcome.Accepted(new string('a', 199)), await SendAsync(server));
    }

    [Theory]
    [InlineData("MAIL", "451 4.3.2 <ann@example.com> words", "Transient")]
    [InlineData(".", "554 5.6.0 <ann@example.com> words", "Permanent")]
    [InlineData("RCPT", "550 5.1.1 <ann@example.com> words", "AddressDead")]
    [InlineData("AUTH", "535 5.7.8 s3crét", "Misconfigured")]
    public async Task Each_class_of_refusal_is_told_as_itself_with_words_for_an_operator(string step, string reply, string status)
    {
        await using var server = new ScriptedMailServer();
        server.Next(step, reply);

        var outcome = await SendAsync(server);

        Assert.Equal((status, null), (outcome.Status.ToString(), outcome.ProviderMessageId));
        Assert.False(string.IsNullOrWhiteSpace(outcome.Code), "a refusal has a code");
    }

    [Fact]
    public async Task A_deadline_that_has_passed_already_lets_nothing_out()
    {
        await using var server = new ScriptedMailServer();

        Assert.Equal(SendStatus.NotSent, (await SendAsync(server, new CancellationToken(canceled: true))).Status);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_is_sent()
    {
        using var closed = new ClosedPort();
        await using var server = new ScriptedMailServer();

        Assert.Equal(SendStatus.NotSent, (await SendAsync(server, settings: [("Port", $"{closed.Port}")])).Status);
    }

    [Theory]
    [InlineData("250 ", 100_000)]
    [InlineData("250-", 5_000)]
    public async Task A_success_with_an_answer_that_fills_the_memory_is_unknown(string start, int length)
    {
        await using var server = new ScriptedMailServer();
        server.Next(".", start == "250-" ? string.Join('\n', Enumerable.Repeat("250-more", length)) : start + new string(' ', length));

        Assert.Equal(SendStatus.Unknown, (await SendAsync(server)).Status);
    }

    [Theory]
    [InlineData("<html>Welcome to the hotel</html>")]
    [InlineData("2")]
    [InlineData("\0")]
    [InlineData("999 what")]
    [InlineData("250-half\n550 half")]
    public async Task A_success_that_cannot_be_read_is_unknown(string reply)
    {
        await using var server = new ScriptedMailServer();
        server.Next(".", reply);

        Assert.Equal(SendStatus.Unknown, (await SendAsync(server)).Status);
    }

    /// RFC 5321 lets a server name another place for a mailbox (251, 551): nobody else chooses whom we speak to.
    [Fact]
    public async Task An_answer_never_chooses_whom_we_speak_to()
    {
        await using var server = new ScriptedMailServer();
        server.Next("RCPT", "551 5.1.6 User not local; please try <eve@127.0.0.1>");

        Assert.Equal(SendStatus.AddressDead, (await SendAsync(server)).Status);
        Assert.Equal((0, 1), (server.Mails.Count, server.Connections));
    }

    [Fact]
    public async Task Many_at_once_are_all_sent_each_once()
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings());
        var messages = Enumerable.Range(0, 50).Select(_ => Message()).ToArray();

        var outcomes = await Task.WhenAll(messages.Select(message => channels.Provider<EmailMessage>().SendAsync(message, CancellationToken.None)));

        Assert.All(outcomes, outcome => Assert.Equal(SendStatus.Accepted, outcome.Status));
        Assert.Equal(messages.Select(message => $"<{message.Id:D}@mail.example.org>").Order(), server.Mails.Select(mail => MailReader.OfWire(mail)["Message-ID"]).Order());
    }

    /// No outcome tells a secret, and each that is not a success tells why.
    private static async Task<SendOutcome> SendAsync(ScriptedMailServer server, CancellationToken ct = default, params (string, string?)[] settings)
    {
        await using var channels = new ChannelsHost(server.Settings(settings));
        var outcome = await channels.Provider<EmailMessage>().SendAsync(Message(), ct);
        Assert.True(outcome.Status == SendStatus.Accepted || !string.IsNullOrWhiteSpace(outcome.Detail), "an operator must be told why");
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, $"{outcome.Code} {outcome.Detail}", StringComparison.OrdinalIgnoreCase));
        return outcome;
    }

    private static EmailMessage Message() =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "words", Text = "words" };
}
