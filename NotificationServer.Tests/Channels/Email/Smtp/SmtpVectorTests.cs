using System.Text.Json.Nodes;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Email.Smtp;

/// The captured sessions, played by a server that says the same: we say by meaning what the library said, but under TLS.
public sealed class SmtpVectorTests
{
    private static readonly DateTimeOffset Then = new(2024, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("smtp-auth-plain-dkim", true)]
    [InlineData("smtp-auth-login", false)]
    [InlineData("smtp-attachment", true)]
    public async Task A_captured_session_is_told_the_same_way(string name, bool html)
    {
        var vector = Vector.Read(name);
        var message = Message() with { Html = html ? "<p>Hello naïve</p>" : null };

        var (outcome, commands, mails) = await PlayAsync(vector, message);

        Assert.Equal((SendStatus.Accepted, "Ok: queued as 4F3C21A0B"), (outcome.Status, outcome.ProviderMessageId));
        Assert.Equal(Said(vector, message.Id), commands.Select(WithoutParameters));
        AssertSameMail(MailReader.OfWire(Captured(vector)), MailReader.OfWire(Assert.Single(mails)), message.Id, html);
    }

    [Theory]
    [InlineData("smtp-error-auth", nameof(SendStatus.Misconfigured), "535 5.7.8")]
    [InlineData("smtp-error-policy", nameof(SendStatus.Misconfigured), "550 5.7.26")]
    [InlineData("smtp-error-temporary", nameof(SendStatus.Transient), "451 4.7.1")]
    public async Task A_captured_refusal_means_what_it_means(string name, string status, string code)
    {
        var (outcome, _, _) = await PlayAsync(Vector.Read(name), Message());

        Assert.Equal((status, code), (outcome.Status.ToString(), outcome.Code));
    }

    [Fact]
    public async Task One_of_two_recipients_is_refused_and_the_other_has_the_mail()
    {
        var vector = Vector.Read("smtp-two-recipients-one-refused");
        await using var server = Server(vector);
        await using var channels = Channels(server, vector);
        var provider = channels.Provider<EmailMessage>();

        var good = await provider.SendAsync(Message(), CancellationToken.None);
        var bad = await provider.SendAsync(Message() with { To = "bad@example.com" }, CancellationToken.None);

        Assert.Equal(SendStatus.Accepted, good.Status);
        Assert.Equal((SendStatus.AddressDead, "550 5.1.1"), (bad.Status, bad.Code));
        Assert.DoesNotContain("bad@", bad.Detail, StringComparison.Ordinal);
        Assert.Single(server.Mails);
        Assert.Equal(1, server.Connections);
    }

    private static async Task<(SendOutcome Outcome, IReadOnlyList<string> Commands, IReadOnlyList<byte[]> Mails)> PlayAsync(JsonNode vector, EmailMessage message)
    {
        await using var server = Server(vector);
        await using var channels = Channels(server, vector);
        var outcome = await channels.Provider<EmailMessage>().SendAsync(message, CancellationToken.None);
        return (outcome, server.Commands, server.Mails);
    }

    private static ChannelsHost Channels(ScriptedMailServer server, JsonNode vector) => new(
        server.Settings(
            ("BounceAddress", "bounce@mail.example.org"), ("FromName", "Example É"),
            ("DkimDomain", Signed(vector) ? "mail.example.org" : null), ("DkimSelector", Signed(vector) ? "s1" : null),
            ("DkimKey", Signed(vector) ? vector["inputs"]!["dkim"]!["privateKeyPem"]!.GetValue<string>() : null)),
        new SteppedClock(Then));

    private static bool Signed(JsonNode vector) => vector["inputs"]?["dkim"] is not null;

    /// What the server of the capture said, in its order.
    private static ScriptedMailServer Server(JsonNode vector)
    {
        var session = vector["session"]!.AsArray().Select(turn => (From: turn!["from"]!.GetValue<string>(), Line: turn["line"]?.GetValue<string>())).ToArray();
        var server = new ScriptedMailServer { Greeting = session[0].Line! };
        for (var i = 1; i + 1 < session.Length; i++)
        {
            if (session[i] is not { From: "client", Line: { } line } || session[i + 1].From != "server") continue;
            // The second command of a login is the user's name, not a word of the protocol.
            var verb = line.Split(' ')[0];
            var answer = session[i + 1].Line!;
            if (verb == "EHLO") server.Hello = answer;
            else if (verb == "RCPT") server.Next(line, answer);
            else server.Next(verb, answer);
        }
        // By recipient, as the capture has it.
        server.Answer = command => command.StartsWith("RCPT ", StringComparison.Ordinal) && server.Once.TryGetValue(command, out var queue) && queue.TryDequeue(out var answer) ? answer : null;
        return server;
    }

    private static IEnumerable<string> Said(JsonNode vector, Guid id) =>
        from turn in vector["session"]!.AsArray()
        let line = turn!["from"]!.GetValue<string>() == "client" ? turn["line"]?.GetValue<string>() : null
        where line is not null and not "."
        select line.Replace("m-1", id.ToString("D"), StringComparison.Ordinal);

    private static string WithoutParameters(string command) => command.StartsWith("MAIL ", StringComparison.Ordinal) ? command[..(command.IndexOf('>', StringComparison.Ordinal) + 1)] : command;

    private static byte[] Captured(JsonNode vector) => vector["session"]!.AsArray().Single(turn => turn!["dataBase64"] is not null)!["dataBase64"]!.GetValue<string>() is var data ? Convert.FromBase64String(data) : [];

    private static void AssertSameMail(MailReader captured, MailReader ours, Guid id, bool html)
    {
        foreach (var name in new[] { "From", "To", "Reply-To", "Subject", "Date", "MIME-Version", "List-Unsubscribe", "List-Unsubscribe-Post", "X-Message-Ref" })
            Assert.Equal(captured[name], ours[name]);
        Assert.Equal(captured["Message-ID"]!.Replace("m-1", id.ToString("D"), StringComparison.Ordinal), ours["Message-ID"]);
        if (!html)
        {
            Assert.Equal(captured.Text, ours.Text);
            Assert.Equal(captured["Content-Type"], ours["Content-Type"]);
            return;
        }
        // The attachment is a part around it that ours does not have.
        var alternative = captured.Parts.SingleOrDefault(part => part["Content-Type"]!.StartsWith("multipart/alternative", StringComparison.Ordinal)) ?? captured;
        Assert.StartsWith("multipart/alternative", ours["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(alternative.Parts.Select(part => (part["Content-Type"], part.Text.TrimEnd())), ours.Parts.Select(part => (part["Content-Type"], part.Text.TrimEnd())));
    }

    private static EmailMessage Message() => new()
    {
        Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", ToName = "Ann", ReplyTo = "help@example.org",
        Subject = "Receipt ✓ café", Text = "Hello\n.leading dot\nFrom the start\nnaïve\n",
        Headers = new Dictionary<string, string>
        {
            ["List-Unsubscribe"] = "<https://u.example.org/o/abc>, <mailto:u+abc@example.org?subject=unsubscribe>",
            ["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click", ["X-Message-Ref"] = "m-1",
        },
    };
}
