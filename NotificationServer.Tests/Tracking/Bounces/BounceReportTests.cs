using System.Text;
using NotificationServer.Channels;
using NotificationServer.Channels.Receipts;
using NotificationServer.Tracking.Bounces;

namespace NotificationServer.Tests.Tracking.Bounces;

/// Reports as mail servers write them, whole and in pieces.
public sealed class BounceReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = Guid.Parse("019aab00-0000-7000-8000-00000000002a");

    [Fact]
    public void A_hard_bounce_names_the_message_by_the_address_that_it_came_back_to()
    {
        var one = Assert.Single(Read(Samples.HardBounce(Id))!);

        Assert.Equal((Id, ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Dead), (one.MessageId, one.Kind, one.Class, one.News));
        Assert.Equal("5.1.1", one.Code);
        Assert.Equal("ann@example.org", one.Address);
        // The server's own words, over two lines, without the mailbox that they name.
        Assert.Equal("smtp; 550 5.1.1 <<address>>: Recipient address rejected: User unknown in virtual mailbox table", one.Words);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 15, 30, TimeSpan.Zero), one.At);
    }

    [Fact]
    public void Without_such_an_address_the_mail_that_came_back_says_which_it_was()
    {
        var report = Samples.HardBounce(Id).Replace($"bounce+{Id:N}@mail.example.org", "postmaster@mail.example.org", StringComparison.Ordinal);

        Assert.Equal(Id, Assert.Single(Read(report)!).MessageId);
        Assert.Null(Assert.Single(Read(report.Replace($"<{Id:N}@mail.example.org>", "<other@mail.example.org>", StringComparison.Ordinal))!).MessageId);
    }

    [Theory]
    [InlineData("Action: delayed", "Status: 4.4.1", ReceiptKind.Progress, SendStatus.Accepted, AddressNews.None)]
    [InlineData("Action: failed", "Status: 4.4.7", ReceiptKind.Bounced, SendStatus.Transient, AddressNews.None)]
    [InlineData("Action: failed", "Status: 5.2.2", ReceiptKind.Bounced, SendStatus.Transient, AddressNews.None)]
    [InlineData("Action: failed", "Status: 5.7.1", ReceiptKind.Bounced, SendStatus.Permanent, AddressNews.None)]
    [InlineData("ACTION:   Failed", "Status: 5.1.10 (null MX)", ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Dead)]
    [InlineData("Action: failed", "Status: 5.0.0", ReceiptKind.Bounced, SendStatus.AddressDead, AddressNews.Dead)] // the server's answer says 5.1.1
    [InlineData("Action: delivered", "Status: 2.0.0", ReceiptKind.Delivered, SendStatus.Accepted, AddressNews.None)]
    [InlineData("Action: relayed", "Status: 2.0.0", ReceiptKind.Sent, SendStatus.Accepted, AddressNews.None)]
    [InlineData("Action: pondered", "Status: 5.1.1", ReceiptKind.Unknown, SendStatus.Accepted, AddressNews.None)]
    internal void Only_what_failed_for_good_because_of_the_address_is_a_hard_bounce(string action, string status, ReceiptKind kind, SendStatus said, AddressNews news)
    {
        var report = Samples.HardBounce(Id).Replace("Action: failed", action, StringComparison.Ordinal).Replace("Status: 5.1.1", status, StringComparison.Ordinal);

        var one = Assert.Single(Read(report)!);

        Assert.Equal((kind, said, news), (one.Kind, one.Class, one.News));
    }

    [Fact]
    public void Parts_may_be_encoded_and_line_ends_may_be_either()
    {
        var status = "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; ann@example.org\nAction: failed\nStatus: 5.1.1\n";
        var encoded = Samples.Report("message/delivery-status\nContent-Transfer-Encoding: base64", Convert.ToBase64String(Encoding.ASCII.GetBytes(status), Base64FormattingOptions.InsertLineBreaks), Id);
        var quoted = Samples.Report("message/delivery-status\nContent-Transfer-Encoding: quoted-printable", status.Replace("5.1.1", "5=2E1=\n.1", StringComparison.Ordinal), Id);

        foreach (var report in new[] { encoded, encoded.Replace("\n", "\r\n", StringComparison.Ordinal), quoted })
            Assert.Equal((Id, "5.1.1"), (Assert.Single(Read(report)!).MessageId, Assert.Single(Read(report)!).Code));
    }

    [Fact]
    public void One_report_may_be_about_several_recipients()
    {
        var status = "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\n\nFinal-Recipient: rfc822; b@example.org\nAction: delayed\nStatus: 4.2.2\n";

        Assert.Equal(["failed", "delayed"], Read(Samples.Report("message/delivery-status", status, Id))!.Select(one => one.Event));
    }

    [Fact]
    public void A_complaint_is_one_whatever_the_reader_s_provider_left_out()
    {
        var whole = Assert.Single(Read(Samples.Complaint(Id))!);
        Assert.Equal((Id, ReceiptKind.Complained, AddressNews.Complained), (whole.MessageId, whole.Kind, whole.News));

        var bare = Samples.Report("message/feedback-report", "Feedback-Type: abuse\nVersion: 1\n", Id);
        Assert.Equal((Id, ReceiptKind.Complained), (Assert.Single(Read(bare)!).MessageId, Assert.Single(Read(bare)!).Kind));
        Assert.Equal(AddressNews.None, Assert.Single(Read(bare.Replace("abuse", "not-spam", StringComparison.Ordinal))!).News);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Subject: I am on holiday\n\nBack on Monday.")]
    [InlineData("Content-Type: multipart/report; boundary=\"x\"\n\nno parts at all")]
    [InlineData("Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=\n\n--\n--\n--")]
    [InlineData(" folded from nowhere\n:\n=\n\n")]
    public void What_is_no_report_is_told_to_be_none(string mail) => Assert.Null(Read(mail));

    [Fact]
    public void A_report_that_was_cut_off_is_read_as_far_as_it_goes()
    {
        var report = Samples.HardBounce(Id);
        var afterStatus = report.IndexOf("Content-Type: message/rfc822", StringComparison.Ordinal);

        Assert.Equal("5.1.1", Assert.Single(Read(report[..afterStatus])!).Code);
        for (var length = 0; length < report.Length; length += 7) Read(report[..length]);
    }

    [Fact]
    public void Ten_megabytes_of_anything_do_no_harm()
    {
        var random = new Random(42);
        var noise = new byte[10 * 1024 * 1024];
        random.NextBytes(noise);
        Assert.Null(BounceReport.Read(noise, Now));

        foreach (var piece in new[] { "--x\n", "\n", ":", " a\n", "=3D=\n", "Content-Type: multipart/report; boundary=x\n\n--x\n" })
        {
            var mail = new StringBuilder("Content-Type: multipart/report; boundary=x\n\n");
            while (mail.Length < 10 * 1024 * 1024) mail.Append(piece);
            Assert.Null(Read(mail.ToString()));
        }
    }

    private static IReadOnlyList<Receipt>? Read(string mail) => BounceReport.Read(Encoding.Latin1.GetBytes(mail), Now);
}
