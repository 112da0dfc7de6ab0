using NotificationServer.Channels;
using NotificationServer.Channels.Email.Smtp;
using NotificationServer.Channels.Wire;
using NotificationServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace NotificationServer.Tests.Channels.Email.Smtp;

public sealed class SmtpPoolTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task One_connection_carries_many_messages_and_is_replaced_after_so_many()
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings(("MessagesPerConnection", "3")));

        for (var i = 0; i < 7; i++) Assert.Equal(SendStatus.Accepted, await SendAsync(channels));

        Assert.Equal(3, server.Connections);
        Assert.Equal(3, server.Commands.Count(command => command.StartsWith("AUTH", StringComparison.Ordinal)));
        await Eventually.IsTrueAsync(() => server.Commands.Count(command => command == "QUIT") == 2);
    }

    [Fact]
    public async Task No_more_connections_are_open_at_once_than_allowed()
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings(("MaxConnections", "2")));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(channels)));

        Assert.All(statuses, status => Assert.Equal(SendStatus.Accepted, status));
        Assert.InRange(server.Connections, 1, 2);
        Assert.Equal(20, server.Mails.Count);
    }

    [Fact]
    public async Task A_refused_message_is_followed_by_RSET_and_harms_nobody_else()
    {
        await using var server = new ScriptedMailServer();
        server.Next("RCPT", "550 5.1.1 unknown");
        await using var channels = new ChannelsHost(server.Settings());

        Assert.Equal(SendStatus.AddressDead, await SendAsync(channels));
        Assert.Equal(SendStatus.Accepted, await SendAsync(channels));

        Assert.Equal(1, server.Connections);
        Assert.Equal(["MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA"], server.Commands.Select(command => command.Split(' ')[0]).Skip(2));
    }

    [Fact]
    public async Task A_refused_sender_leaves_no_answer_behind_for_the_next_message()
    {
        await using var server = new ScriptedMailServer();
        server.Next("MAIL", "451 4.3.0 later").Next("RCPT", "503 5.5.1 MAIL first");
        await using var channels = new ChannelsHost(server.Settings());

        Assert.Equal(SendStatus.Transient, await SendAsync(channels));
        Assert.Equal(SendStatus.Accepted, await SendAsync(channels));
    }

    [Theory]
    [InlineData("421 4.4.2 idle for too long")]
    [InlineData(ScriptedMailServer.Reset)]
    [InlineData(ScriptedMailServer.Close)]
    public async Task A_connection_that_the_server_has_left_costs_nobody_his_mail(string goodbye)
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings());
        Assert.Equal(SendStatus.Accepted, await SendAsync(channels));
        server.Next("MAIL", goodbye);

        Assert.Equal(SendStatus.Accepted, await SendAsync(channels));
        Assert.Equal((2, 2), (server.Connections, server.Mails.Count));
    }

    [Fact]
    public async Task After_a_silence_the_server_is_asked_whether_it_is_still_there()
    {
        await using var server = new ScriptedMailServer();
        var clock = new SteppedClock(Start);
        await using var channels = new ChannelsHost(server.Settings(), clock);
        await SendAsync(channels);
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(SendStatus.Accepted, await SendAsync(channels));
        Assert.Equal((1, 1), (server.Connections, server.Commands.Count(command => command == "NOOP")));

        server.Next("NOOP", "421 4.4.2 bye");
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(SendStatus.Accepted, await SendAsync(channels));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_connection_with_nothing_to_do_is_closed()
    {
        await using var server = new ScriptedMailServer();
        var clock = new SteppedClock(Start);
        await using var channels = new ChannelsHost(server.Settings(), clock);
        var settings = channels.Services.GetRequiredService<IOptions<SmtpOptions>>().Value;
        using var pool = new SmtpPool(settings, new SmtpDialer(settings, channels.Services.GetRequiredService<WireClients>().Trust, clock), clock);
        await pool.SendAsync(new("a", "example.org"), new("b", "example.org"), "x: y\r\n\r\n"u8.ToArray(), null, CancellationToken.None);

        clock.Advance(TimeSpan.FromSeconds(29));
        pool.CloseIdle();
        Assert.DoesNotContain("QUIT", server.Commands);
        clock.Advance(TimeSpan.FromSeconds(1));
        pool.CloseIdle();

        await Eventually.IsTrueAsync(() => server.Commands.Contains("QUIT"));
    }

    [Fact]
    public async Task A_server_without_pipelining_is_told_one_thing_at_a_time()
    {
        await using var server = new ScriptedMailServer { Hello = "250-mx\n250 AUTH PLAIN" };
        server.Next("MAIL", "550 5.7.1 no");
        await using var channels = new ChannelsHost(server.Settings());

        Assert.Equal(SendStatus.Permanent, await SendAsync(channels));
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("RCPT", StringComparison.Ordinal));
        Assert.Equal(SendStatus.Accepted, await SendAsync(channels));
    }

    [Fact]
    public async Task A_mail_that_is_too_big_is_not_sent_and_the_size_is_told_for_the_others()
    {
        await using var server = new ScriptedMailServer { Hello = "250-mx\n250-SIZE 2000\n250 AUTH PLAIN" };
        await using var channels = new ChannelsHost(server.Settings());

        Assert.Equal(SendStatus.Accepted, await SendAsync(channels));
        var outcome = await channels.Provider<EmailMessage>().SendAsync(Message() with { Text = new string('x', 3000) }, CancellationToken.None);

        Assert.Equal((SendStatus.Permanent, "too_big"), (outcome.Status, outcome.Code));
        Assert.Matches("^MAIL FROM:<[^>]+> SIZE=[0-9]+$", Assert.Single(server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_has_waited_for_a_connection_is_asked_before_a_word_is_said_and_the_connection_is_the_next_ones()
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings(("MaxConnections", "1")));
        using var busy = await BusyAsync(server, channels);
        var mails = (IQueueingProvider<EmailMessage>)channels.Provider<EmailMessage>();
        var asked = new List<int>();
        ValueTask<bool> May(int who)
        {
            asked.Add(who);
            return ValueTask.FromResult(who == 2);
        }

        var waiting = new[] { 1, 2 }.Select(who => mails.SendAsync(Message(), new CallStart(() => May(who)), CancellationToken.None)).ToList();
        Assert.Empty(asked);
        busy.End();
        var outcomes = await Task.WhenAll(waiting);

        Assert.Equal([1, 2], asked);
        Assert.Equal((true, SendStatus.NotSent), (outcomes[0].CalledNobody, outcomes[0].Status));
        Assert.Equal(SendStatus.Accepted, outcomes[1].Status);
        Assert.Equal((1, 2), (server.Connections, server.Mails.Count));
    }

    [Fact]
    public async Task A_wait_for_a_connection_of_ours_is_no_failure_of_the_server()
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings(("MaxConnections", "1")));
        using var busy = await BusyAsync(server, channels);
        using var deadline = new CancellationTokenSource();
        var start = new CallStart(() => ValueTask.FromResult(true));

        var waiting = ((IQueueingProvider<EmailMessage>)channels.Provider<EmailMessage>()).SendAsync(Message(), start, deadline.Token);
        await deadline.CancelAsync();
        var outcome = await waiting;
        busy.End();

        Assert.Equal((true, SendStatus.NotSent), (outcome.CalledNobody, outcome.Status));
    }

    [Fact]
    public async Task The_time_of_a_call_begins_when_it_has_its_connection()
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings(("MaxConnections", "1")));
        using var busy = await BusyAsync(server, channels);
        var start = new CallStart(() => ValueTask.FromResult(true));

        var waiting = ((IQueueingProvider<EmailMessage>)channels.Provider<EmailMessage>()).SendAsync(Message(), start, CancellationToken.None);
        var free = System.Diagnostics.Stopwatch.GetTimestamp();
        busy.End();
        await waiting;

        Assert.InRange(start.At, free, long.MaxValue);
    }

    /// The server has the whole of a mail, and says nothing until the test does.
    private static async Task<Busy> BusyAsync(ScriptedMailServer server, ChannelsHost channels)
    {
        var busy = new Busy(server);
        busy.Sending = SendAsync(channels);
        await Eventually.IsTrueAsync(() => server.Mails.Count == 1);
        return busy;
    }

    private sealed class Busy : IDisposable
    {
        private readonly ManualResetEventSlim said = new();

        public Busy(ScriptedMailServer server) => server.Answer = command =>
        {
            if (command == ".") said.Wait();
            return null;
        };

        public Task Sending { get; set; } = Task.CompletedTask;

        public void End() => said.Set();

        public void Dispose()
        {
            said.Set();
            Sending.GetAwaiter().GetResult();
            said.Dispose();
        }
    }

    private static async Task<SendStatus> SendAsync(ChannelsHost channels) =>
        (await channels.Provider<EmailMessage>().SendAsync(Message(), CancellationToken.None)).Status;

    private static EmailMessage Message() =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "s", Text = "t" };
}
