using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NotificationServer.Channels;
using NotificationServer.Channels.Email.Smtp;

namespace NotificationServer.Tests.Channels.Email.Smtp;

public sealed partial class DkimTests
{
    private static readonly System.Text.Json.Nodes.JsonNode Capture = Vector.Read("smtp-auth-plain-dkim");
    private static readonly string PublicKey = Capture["inputs"]!["dkim"]!["txt"]!.GetValue<string>().Split("p=")[1];
    private static readonly string PrivateKey = Capture["inputs"]!["dkim"]!["privateKeyPem"]!.GetValue<string>();

    private static string CapturedMail =>
        MailReader.Unstuffed(Convert.FromBase64String(Capture["session"]!.AsArray().Single(turn => turn!["dataBase64"] is not null)!["dataBase64"]!.GetValue<string>()));

    [Fact]
    public void The_captured_mail_gets_the_captured_signature_letter_by_letter()
    {
        var (signature, rest) = Split(CapturedMail);
        var end = rest.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var fields = Regex.Split(rest[..end], "\r\n(?![ \t])");
        using var key = RSA.Create();
        key.ImportFromPem(PrivateKey);
        using var signer = new DkimSigner("mail.example.org", "s1", key);

        var ours = signer.Sign(new MimeMessage(fields, rest[(end + 4)..]));

        Assert.Equal(Tag(signature, "bh"), Tag(ours, "bh"));
        Assert.Equal(Tag(signature, "b"), Tag(ours, "b"));
    }

    [Fact]
    public void The_captured_signature_is_one_that_the_check_of_this_test_accepts() => Verify(CapturedMail);

    [Theory]
    [InlineData("Plain", "Hello")]
    [InlineData("Blanks", "line  with   blanks \t \n\n\n")]
    [InlineData("Leer", "")]
    [InlineData("Grüße an alle, die einen sehr langen Betreff haben, der gefaltet werden muss, weil er nicht in eine Zeile passt", "ä\n.punkt\n..zwei\n")]
    public async Task What_a_server_gets_is_signed_and_the_signature_holds(string subject, string text)
    {
        await using var server = new ScriptedMailServer();
        await using var channels = new ChannelsHost(server.Settings(("DkimDomain", "mail.example.org"), ("DkimSelector", "s1"), ("DkimKey", PrivateKey)));

        var outcome = await channels.Provider<EmailMessage>().SendAsync(
            new EmailMessage
            {
                Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = subject, Text = text, Html = "<p>Plain words, and ä</p>",
                Unsubscribe = "https://u.example.org/o/abc",
            },
            CancellationToken.None);

        Assert.Equal(SendStatus.Accepted, outcome.Status);
        var mail = MailReader.Unstuffed(Assert.Single(server.Mails));
        Verify(mail);
        Assert.Equal(
            "from:to:subject:date:message-id:mime-version:content-type:list-unsubscribe:list-unsubscribe-post",
            Tag(Split(mail).Signature, "h"));
        Assert.ThrowsAny<Exception>(() => Verify(mail.Replace("Plain words", "Other words", StringComparison.Ordinal)));
        Assert.ThrowsAny<Exception>(() => Verify(mail.Replace("/o/abc", "/o/abd", StringComparison.Ordinal)));
    }

    /// RFC 6376, from the raw message and the public key alone.
    private static void Verify(string mail)
    {
        var (signature, rest) = Split(mail);
        var end = rest.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var body = Regex.Replace(Regex.Replace(rest[(end + 4)..], "[ \t]+", " "), " +(?=\r\n)", "");
        body = Regex.Replace(body, "(\r\n)*$", "") is { Length: > 0 } text ? text + "\r\n" : "";
        Assert.Equal(Tag(signature, "bh"), Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body))));

        var fields = Regex.Split(rest[..end], "\r\n(?![ \t])").Select(Relaxed).ToList();
        var hashed = new StringBuilder();
        foreach (var name in Tag(signature, "h").Split(':'))
            hashed.Append(fields.Last(field => field.StartsWith(name + ":", StringComparison.Ordinal))).Append("\r\n");
        hashed.Append(Relaxed(Value().Replace(signature, "b=")));
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(PublicKey), out _);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(hashed.ToString()), Convert.FromBase64String(Tag(signature, "b")), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static (string Signature, string Others) Split(string mail)
    {
        Assert.StartsWith("DKIM-Signature:", mail, StringComparison.Ordinal);
        var end = Regex.Match(mail, "\r\n(?![ \t])").Index;
        return (mail[..end], mail[(end + 2)..]);
    }

    private static string Relaxed(string field)
    {
        var unfolded = field.Replace("\r\n", "", StringComparison.Ordinal);
        var colon = unfolded.IndexOf(':', StringComparison.Ordinal);
        return $"{unfolded[..colon].Trim().ToLowerInvariant()}:{Regex.Replace(unfolded[(colon + 1)..], "[ \t]+", " ").Trim()}";
    }

    private static string Tag(string signature, string name) =>
        Regex.Replace(Regex.Match(signature, $@"[;\s]{name}=([^;]*)").Groups[1].Value, @"\s", "");

    [GeneratedRegex(@"(?<=[;\s])b=[^;]*")]
    private static partial Regex Value();
}
