using NotificationServer.Benchmarks.Faults;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Email.Smtp;

public sealed class SmtpErrorTests
{
    /// A row stands for each of its enhanced codes; where its note says that one of them means another thing, that is said here.
    public static TheoryData<int, string, string, string> Rows()
    {
        var data = new TheoryData<int, string, string, string>();
        foreach (var row in Vector.AllRows("smtp"))
        {
            if (row.Status.ValueKind != System.Text.Json.JsonValueKind.Number) continue;
            foreach (var code in row.Code.GetString()!.Contains('.', StringComparison.Ordinal) ? row.Code.GetString()!.Split(' ') : [""])
                data.Add(row.Http, code.Replace('x', '0'), StepOf(row.Http), (row.Http, code) switch
                {
                    (501, "5.1.3") => nameof(SendStatus.AddressDead),
                    (553, "5.1.7") => nameof(SendStatus.Misconfigured),
                    // The row without an enhanced code is about the words: below.
                    (550, "") => nameof(SendStatus.Permanent),
                    _ => Outcomes.Of(row).ToString(),
                });
        }
        data.Add(459, "", "RCPT", nameof(SendStatus.Transient));
        data.Add(599, "", ".", nameof(SendStatus.Permanent));
        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_documented_reply_has_its_documented_meaning(int code, string enhanced, string step, string status)
    {
        await using var server = new ScriptedMailServer();
        server.Next(step, $"{code} {enhanced} words".Replace("  ", " ", StringComparison.Ordinal));

        Assert.Equal(status, (await SendAsync(server)).Status.ToString());
    }

    [Theory]
    [InlineData("RCPT", "550 No such user here", nameof(SendStatus.AddressDead))]
    [InlineData("RCPT", "550 mailbox unavailable", nameof(SendStatus.AddressDead))]
    [InlineData("RCPT", "550 we do not like this", nameof(SendStatus.Permanent))]
    [InlineData("MAIL", "550 mailbox unavailable", nameof(SendStatus.Permanent))]
    [InlineData("RCPT", "550 5.7.1 Relaying denied", nameof(SendStatus.Misconfigured))]
    [InlineData("MAIL", "550 5.1.1 no such sender", nameof(SendStatus.Permanent))]
    [InlineData("AUTH", "454 4.7.0 Temporary authentication failure", nameof(SendStatus.Transient))]
    [InlineData("EHLO", "550 5.7.1 Who are you", nameof(SendStatus.Misconfigured))]
    [InlineData("DATA", "250 2.0.0 sure", nameof(SendStatus.NotSent))]
    [InlineData(".", "354 go on", nameof(SendStatus.Unknown))]
    public async Task The_same_code_means_another_thing_elsewhere(string step, string reply, string status)
    {
        await using var server = new ScriptedMailServer();
        server.Next(step, reply);

        Assert.Equal(status, (await SendAsync(server)).Status.ToString());
    }

    [Theory]
    [InlineData("554 5.7.1 Your address is on a list", nameof(SendStatus.Misconfigured))]
    [InlineData("421 4.3.2 Too many connections", nameof(SendStatus.Transient))]
    [InlineData("HTTP/1.1 400 Bad Request", nameof(SendStatus.NotSent))]
    public async Task A_server_can_refuse_the_connection_itself(string greeting, string status)
    {
        await using var server = new ScriptedMailServer { Greeting = greeting };

        Assert.Equal(status, (await SendAsync(server)).Status.ToString());
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("EHLO")]
    [InlineData("AUTH")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    public async Task A_line_that_is_lost_before_the_final_dot_is_safe_to_send_again(string step)
    {
        await using var server = new ScriptedMailServer();
        server.Next(step, ScriptedMailServer.Reset);

        Assert.Equal(SendStatus.NotSent, (await SendAsync(server)).Status);
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData(ScriptedMailServer.Reset)]
    [InlineData(ScriptedMailServer.Close)]
    [InlineData("<<< not an answer")]
    public async Task A_line_that_is_lost_after_the_final_dot_leaves_it_open(string answer)
    {
        await using var server = new ScriptedMailServer();
        server.Next(".", answer);

        var outcome = await SendAsync(server);

        Assert.Equal(SendStatus.Unknown, outcome.Status);
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task A_second_try_has_the_same_message_id()
    {
        await using var server = new ScriptedMailServer();
        server.Next(".", ScriptedMailServer.Reset);
        await using var channels = new ChannelsHost(server.Settings());
        var message = Message();

        for (var i = 0; i < 2; i++) await channels.Provider<EmailMessage>().SendAsync(message, CancellationToken.None);

        Assert.Equal([$"<{message.Id:D}@mail.example.org>"], server.Mails.Select(mail => MailReader.OfWire(mail)["Message-ID"]).Distinct());
        Assert.Equal(2, server.Mails.Count);
        Assert.Equal(2, server.Commands.Count(command => command.StartsWith($"MAIL FROM:<bounce+{message.Id:D}@mail.example.org>", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_deadline_that_passes_before_the_final_dot_is_not_sent_and_after_it_unknown()
    {
        await using var server = new ScriptedMailServer();
        using var early = new CancellationTokenSource();
        using var late = new CancellationTokenSource();
        server.Answer = command =>
        {
            if (command == "DATA" && server.Mails.Count == 0 && !early.IsCancellationRequested) early.Cancel();
            else if (command == ".") late.Cancel();
            return null;
        };
        await using var channels = new ChannelsHost(server.Settings());
        var provider = channels.Provider<EmailMessage>();

        Assert.Equal(SendStatus.NotSent, (await provider.SendAsync(Message(), early.Token)).Status);
        // The answer may still win the race against the end of patience.
        Assert.Contains((await provider.SendAsync(Message(), late.Token)).Status, new[] { SendStatus.Unknown, SendStatus.Accepted });
    }

    [Fact]
    public async Task A_closed_port_and_a_name_that_does_not_exist_are_not_sent()
    {
        using var closed = new ClosedPort();
        await using var server = new ScriptedMailServer();

        Assert.Equal((SendStatus.NotSent, "connection"), await SendAsync(server.Settings(("Port", $"{closed.Port}"))));
        Assert.Equal((SendStatus.NotSent, "name_resolution"), await SendAsync(server.Settings(("Host", "mail.invalid"))));
    }

    private static async Task<(SendStatus, string?)> SendAsync(Dictionary<string, string?> settings)
    {
        await using var channels = new ChannelsHost(settings);
        var outcome = await channels.Provider<EmailMessage>().SendAsync(Message(), CancellationToken.None);
        return (outcome.Status, outcome.Code);
    }

    private static async Task<SendOutcome> SendAsync(ScriptedMailServer server)
    {
        await using var channels = new ChannelsHost(server.Settings());
        return await channels.Provider<EmailMessage>().SendAsync(Message(), CancellationToken.None);
    }

    private static string StepOf(int code) => code switch
    {
        250 => ".",
        432 or 530 or 534 or 535 or 538 => "AUTH",
        452 or 501 or 550 or 551 or 553 or 556 => "RCPT",
        _ => ".",
    };

    private static EmailMessage Message() =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "s", Text = "t" };
}
