using System.Text;
using NotificationServer.Channels;
using NotificationServer.Channels.Email.Smtp;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Channels.Email.Smtp;

public sealed class MimeTests
{
    private static readonly MailPath From = new("news", "mail.example.org");
    private static readonly MailPath To = new("ann", "example.com");

    public static TheoryData<string> Texts =>
    [
        "Hello", " ", "ends in a blank ", "tab\t", "a=b", "naïve", "你好，世界。这是一封信。", "🙂🙃 and more", "\n\n\n", ".\n..\n.x", "From me",
        "CR only\rLF only\nboth\r\n", "--=_boundary", new string('x', 5000), new string('ü', 900), string.Concat(Enumerable.Repeat("word ", 400)),
        "x" + new string(' ', 200) + "y", "line that is exactly seventy-six characters long, which is the most allowed..\nnext",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_body_arrives_as_it_was_in_lines_that_every_server_passes_on(string text)
    {
        var mail = Mail(Message() with { Text = text, Html = $"<p>{text}</p>" });
        var wire = DotStuffing.Of(mail.Bytes).ToArray();

        Assert.All(wire, one => Assert.InRange(one, (byte)0, (byte)126));
        var raw = Encoding.ASCII.GetString(wire);
        Assert.DoesNotContain('\r', raw.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain('\n', raw.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.EndsWith("\r\n", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n.\r\n", raw, StringComparison.Ordinal);
        Assert.All(raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 79));
        Assert.All(raw.Split("\r\n"), line => Assert.False(line.EndsWith(' '), line));
        var read = MailReader.OfWire(wire);
        Assert.Equal(["text/plain; charset=utf-8", "text/html; charset=utf-8"], read.Parts.Select(part => part["Content-Type"]));
        Assert.Equal(Lines(text), Lines(read.Parts[0].Text));
        Assert.Equal(Lines($"<p>{text}</p>"), Lines(read.Parts[1].Text));
    }

    [Fact]
    public void One_kind_of_text_needs_no_parts()
    {
        Assert.Equal("text/plain; charset=utf-8", Read(Message() with { Text = "t" })["Content-Type"]);
        Assert.Equal("text/html; charset=utf-8", Read(Message() with { Text = null, Html = "<p>t</p>" })["Content-Type"]);
    }

    public static TheoryData<string> Subjects =>
    [
        "Receipt", "Receipt ✓ café", "你好，世界。这是一个很长很长的标题，它不能放在一行里，所以必须分成几个部分来编码，每个部分都不能有半个字",
        "=?UTF-8?Q?not_encoded?=", "two  blanks", string.Concat(Enumerable.Repeat("many words ", 30)).Trim(), new string('w', 300),
        "🙂 " + new string('ä', 120), "Über " + string.Concat(Enumerable.Repeat("long ", 40)).Trim(), "tab\there",
    ];

    [Theory]
    [MemberData(nameof(Subjects))]
    public void A_subject_is_read_as_it_was_written_in_lines_of_seventy_eight(string subject)
    {
        var mail = Mail(Message() with { Subject = subject });

        Assert.All(mail.Fields.SelectMany(field => field.Split("\r\n")), line => Assert.InRange(line.Length, 1, 78));
        Assert.All(mail.Fields.SelectMany(field => field.Split("\r\n")), line => Assert.False(string.IsNullOrWhiteSpace(line)));
        Assert.Equal(subject.Replace('\t', ' '), Read(Message() with { Subject = subject })["Subject"]);
    }

    [Theory]
    [InlineData("x\r\nBcc: eve@example.net")]
    [InlineData("x\nBcc: eve@example.net")]
    [InlineData("x\rBcc: eve@example.net")]
    [InlineData("x\r\n\r\nbody")]
    [InlineData("x\u0085Bcc: eve@example.net")]
    [InlineData("x\u2028Bcc: eve@example.net")]
    [InlineData("x\0Bcc: eve@example.net")]
    [Bar("S29", "B37")]
    public void No_line_end_of_anybodys_makes_a_header(string bad)
    {
        var names = Read(Message()).Names;

        var mail = Mail(Message() with { Subject = bad, ToName = bad, Headers = new Dictionary<string, string> { ["X-Ref"] = bad } }, fromName: bad);
        var read = MailReader.OfWire(DotStuffing.Of(mail.Bytes).ToArray());

        Assert.Equal(names.Append("X-Ref").Order(), read.Names.Order());
        Assert.All(mail.Fields, field => Assert.DoesNotMatch("\r(?!\n)|(?<!\r)\n|\n(?! )|\0", field));
        Assert.Contains("eve@example.net".Length > bad.Length ? "body" : bad.Contains("eve", StringComparison.Ordinal) ? "eve" : "body", read["Subject"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a@b.example\r\nRCPT TO:<eve@example.net>")]
    [InlineData("a@b.example>\r\nDATA")]
    [InlineData("a b@example.com")]
    [InlineData("a@b.example> SIZE=1")]
    [InlineData("<a@b.example>")]
    [InlineData("\"a\r\nb\"@example.com")]
    [InlineData("a@b.example\0")]
    [InlineData("no-at.example")]
    [InlineData("@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a@-b.example")]
    [Bar("S29", "B36")]
    public async Task An_address_that_could_mean_more_than_an_address_gets_no_mail(string address)
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings());
        var provider = channels.Provider<EmailMessage>();

        Assert.Equal(SendStatus.AddressDead, (await provider.SendAsync(Message() with { To = address }, CancellationToken.None)).Status);
        Assert.Equal(SendStatus.Permanent, (await provider.SendAsync(Message() with { From = address }, CancellationToken.None)).Status);
        Assert.Equal(SendStatus.Permanent, (await provider.SendAsync(Message() with { ReplyTo = address }, CancellationToken.None)).Status);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("Bcc", "eve@example.net")]
    [InlineData("dkim-signature", "v=1")]
    [InlineData("Content-Type", "text/evil")]
    [InlineData("X-Ref: x\r\nBcc", "eve@example.net")]
    [InlineData("", "x")]
    [InlineData("X Ref", "x")]
    [Bar("S29", "B37")]
    public void A_header_that_is_not_the_callers_to_write_is_refused(string name, string value)
    {
        var (mail, wrong) = MimeMessage.Of(Message() with { Headers = new Dictionary<string, string> { [name] = value } }, From, null, To, DateTimeOffset.UnixEpoch);

        Assert.Null(mail);
        Assert.NotNull(wrong);
    }

    [Fact]
    public void A_word_that_no_line_can_hold_is_refused()
    {
        var (mail, wrong) = MimeMessage.Of(Message() with { Unsubscribe = "https://u.example.org/" + new string('x', 1000) }, From, null, To, DateTimeOffset.UnixEpoch);

        Assert.Null(mail);
        Assert.Equal("List-Unsubscribe", wrong);
    }

    [Fact]
    public async Task An_international_address_goes_only_to_a_server_that_takes_one_and_a_domain_goes_as_A_labels()
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings());
        var provider = channels.Provider<EmailMessage>();

        Assert.Equal(SendStatus.Accepted, (await provider.SendAsync(Message() with { To = "jürgen@bücher.example" }, CancellationToken.None)).Status);
        Assert.Contains(server.Commands, command => command.EndsWith(" BODY=8BITMIME SMTPUTF8", StringComparison.Ordinal));
        Assert.Contains("RCPT TO:<jürgen@xn--bcher-kva.example>", server.Commands);

        await using var old = new ScriptedMailServer { Hello = "250-mx\n250 AUTH PLAIN" };
        await using var without = new ChannelsHost(old.Settings());
        var outcome = await without.Provider<EmailMessage>().SendAsync(Message() with { To = "jürgen@bücher.example" }, CancellationToken.None);
        Assert.Equal((SendStatus.Permanent, "no_smtputf8"), (outcome.Status, outcome.Code));
        Assert.Equal(SendStatus.Accepted, (await without.Provider<EmailMessage>().SendAsync(Message() with { To = "ann@bücher.example" }, CancellationToken.None)).Status);
    }

    [Fact]
    public void A_marketing_mail_can_be_left_with_one_click()
    {
        var read = Read(Message() with { Unsubscribe = "https://u.example.org/o/abc" });

        Assert.Equal(("<https://u.example.org/o/abc>", "List-Unsubscribe=One-Click"), (read.Raw("List-Unsubscribe"), read.Raw("List-Unsubscribe-Post")));
    }

    [Theory]
    [InlineData("Ann", "Ann <ann@example.com>")]
    [InlineData("Doe, Jane", "\"Doe, Jane\" <ann@example.com>")]
    [InlineData("O\"Neil\\", "\"O\\\"Neil\\\\\" <ann@example.com>")]
    [InlineData("ann@example.com", "\"ann@example.com\" <ann@example.com>")]
    [InlineData("", "ann@example.com")]
    public void A_name_with_signs_of_its_own_stands_in_quotes(string name, string expected) =>
        Assert.Equal(expected, Read(Message() with { ToName = name }).Raw("To"));

    private static MailReader Read(EmailMessage message) => MailReader.OfWire(DotStuffing.Of(Mail(message).Bytes).ToArray());

    private static MimeMessage Mail(EmailMessage message, string? fromName = null)
    {
        var (mail, wrong) = MimeMessage.Of(message, From, fromName, To, DateTimeOffset.UnixEpoch);
        Assert.Null(wrong);
        return mail!;
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n');

    private static EmailMessage Message() =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "s", Text = "t" };
}
