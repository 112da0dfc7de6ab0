namespace NotificationServer.Tests.Tracking.Bounces;

/// Mails as they come back.
internal static class Samples
{
    public static string HardBounce(Guid id) => $"""
        From MAILER-DAEMON Sun Nov 22 10:15:30 2026
        Return-Path: <>
        X-Original-To: bounce+{id:N}@mail.example.org
        Received: from mx.example.org (mx.example.org [192.0.2.7])
        	by in.example.net (Postfix) with ESMTPS id 4XyZ
        	for <bounce+{id:N}@mail.example.org>; Sun, 22 Nov 2026 10:15:31 +0000
        Date: Sun, 22 Nov 2026 10:15:30 +0000 (UTC)
        From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: bounce+{id:N}@mail.example.org
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        	boundary="4XyZ.1700000000/mx.example.org"

        This is a MIME-encapsulated message.

        --4XyZ.1700000000/mx.example.org
        Content-Description: Notification
        Content-Type: text/plain; charset=utf-8

        I'm sorry to have to inform you that your message could not be delivered.
        -- it is dead, really --

        --4XyZ.1700000000/mx.example.org
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org
        X-Postfix-Queue-ID: 4XyZ
        Arrival-Date: Sun, 22 Nov 2026 10:15:29 +0000 (UTC)

        Final-Recipient: rfc822; ann@example.org
        Original-Recipient: rfc822;ann@example.org
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx2.example.org
        Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>: Recipient address rejected:
            User unknown in virtual mailbox table

        --4XyZ.1700000000/mx.example.org
        Content-Description: Undelivered Message
        Content-Type: message/rfc822

        Return-Path: <bounce+{id:N}@mail.example.org>
        Message-ID: <{id:N}@mail.example.org>
        From: News <news@mail.example.org>
        To: ann@example.org
        Subject: Hello

        Hello Ann.

        --4XyZ.1700000000/mx.example.org--

        """.ReplaceLineEndings("\n");

    public static string Complaint(Guid id) => Report("message/feedback-report", """
        Feedback-Type: abuse
        User-Agent: SomeGenerator/1.0
        Version: 1
        Original-Mail-From: <news@mail.example.org>
        Arrival-Date: Sun, 22 Nov 2026 09:00:00 +0000
        Reported-Domain: mail.example.org
        Original-Rcpt-To: <ann@example.org>

        """, id, verp: false);

    /// A report of one machine-readable part and the headers of what it is about.
    public static string Report(string type, string part, Guid id, bool verp = true) => $"""
        Date: Sun, 22 Nov 2026 10:15:30 +0000
        To: {(verp ? $"bounce+{id:N}" : "fbl")}@mail.example.org
        Content-Type: multipart/report; boundary=b1

        --b1
        Content-Type: {type}

        {part}
        --b1
        Content-Type: text/rfc822-headers

        Message-ID: <{id:N}@mail.example.org>
        To: <ann@example.org>
        --b1--
        """.ReplaceLineEndings("\n");
}
