using System.Globalization;
using System.Text;
using NotificationServer.Simulator.Callbacks;

namespace NotificationServer.Simulator.Smtp;

/// What comes back to the envelope sender: reports that a mail could not be delivered (RFC 3464), and complaints (RFC 5965).
internal static class MailsBack
{
    private const string End = "\r\n";

    /// Null: it arrived, and nobody says so.
    public static string? Of(SmtpServer.Letter letter, string id, DateTimeOffset at) => LaterFate.InMail(letter.Recipient) switch
    {
        "bounce" => Report(letter, id, at, "failed", "5.1.1", "550 5.1.1 no such mailbox"),
        "dropped" => Report(letter, id, at, "failed", "5.2.1", "550 5.2.1 this mailbox is switched off"),
        "blocked" => Report(letter, id, at, "failed", "5.7.1", "550 5.7.1 refused by policy"),
        "deferred" => Report(letter, id, at, "delayed", "4.2.1", "450 4.2.1 try again later"),
        "spam" => Complaint(letter, id, at),
        _ => null,
    };

    /// A file appears whole, under a name of its own.
    public static async Task DropAsync(string directory, string id, string mail, CancellationToken ct)
    {
        var (unfinished, finished) = (Path.Combine(Directory.CreateDirectory(Path.Combine(directory, "tmp")).FullName, id), Path.Combine(directory, $"{id}.eml"));
        await File.WriteAllTextAsync(unfinished, mail, Encoding.ASCII, ct);
        File.Move(unfinished, finished);
    }

    private static string Report(SmtpServer.Letter letter, string id, DateTimeOffset at, string action, string status, string answer) => Mail(letter, id, at, "delivery-status", "Undelivered mail",
        $"This mail could not be delivered: {answer}.",
        [
            "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.sim.example", $"X-Queue-Id: {id}", $"Arrival-Date: {Date(at)}", "",
            $"Final-Recipient: rfc822; {letter.Recipient}", $"Action: {action}", $"Status: {status}", $"Diagnostic-Code: smtp; {answer}",
        ]);

    private static string Complaint(SmtpServer.Letter letter, string id, DateTimeOffset at) => Mail(letter, id, at, "feedback-report", "A complaint",
        "One of our users says that this is spam.",
        [
            "Content-Type: message/feedback-report", "", "Feedback-Type: abuse", "User-Agent: Simulator/1", "Version: 1",
            $"Original-Mail-From: <{letter.Sender}>", $"Original-Rcpt-To: <{letter.Recipient}>",
        ]);

    private static string Mail(SmtpServer.Letter letter, string id, DateTimeOffset at, string kind, string subject, string words, string[] report)
    {
        var boundary = $"=_{id}";
        var original = Encoding.UTF8.GetString(letter.Mail);
        string[] lines =
        [
            "Return-Path: <>", "From: MAILER-DAEMON@mail.sim.example", $"To: {letter.Sender}", $"Subject: {subject}", $"Date: {Date(at)}",
            $"Message-ID: <{id}@mail.sim.example>", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
            $"Content-Type: multipart/report; report-type={kind}; boundary=\"{boundary}\"", "",
            $"--{boundary}", "Content-Type: text/plain; charset=us-ascii", "", words, "",
            $"--{boundary}", .. report, "",
            $"--{boundary}", "Content-Type: text/rfc822-headers", "", original[..original.IndexOf(End + End, StringComparison.Ordinal)], "", // checked by the rules
            $"--{boundary}--", "",
        ];
        return string.Join(End, lines);
    }

    private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000";
}
