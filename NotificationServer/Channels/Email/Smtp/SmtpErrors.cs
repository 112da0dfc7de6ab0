namespace NotificationServer.Channels.Email.Smtp;

/// Where in the dialogue a server said no: the same words mean another thing there.
internal enum SmtpStep
{
    Greeting,
    Hello,
    StartTls,
    Authentication,
    MailFrom,
    RcptTo,
    Data,
    Message,
}

/// What a refusal means: by its code and enhanced code, and by its words only where the codes leave it open.
internal static class SmtpErrors
{
    public static SendOutcome Outcome(SmtpReply reply, SmtpStep step)
    {
        var code = reply.Enhanced is null ? $"{reply.Code}" : $"{reply.Code} {reply.Enhanced}";
        var what = $"the mail server refused {Name(step)} ({code})";
        return Status(reply, step) switch
        {
            SendStatus.AddressDead => SendOutcome.AddressDead(code, $"the mail server knows no such recipient ({code})"),
            SendStatus.Misconfigured => SendOutcome.Misconfigured(code, what),
            SendStatus.Transient => SendOutcome.Transient(code, what),
            SendStatus.Throttled => SendOutcome.Throttled(code, what, null),
            SendStatus.Permanent => SendOutcome.Permanent(code, what),
            // Said after the final dot, "250" alone is yes; anything else leaves it open.
            SendStatus.Accepted or SendStatus.NotSent or SendStatus.Unknown => SendOutcome.Unknown(code, $"the mail server's answer to {Name(step)} cannot be told ({code})"),
        };
    }

    private static SendStatus Status(SmtpReply reply, SmtpStep step) => (reply.Code, reply.Enhanced) switch
    {
        (432 or 530 or 534 or 535 or 538, _) => SendStatus.Misconfigured,
        (>= 400 and < 500, _) => SendStatus.Transient,
        // Full, said for good by some: it may be emptied.
        (552, "5.2.2") => SendStatus.Transient,
        // Nothing about the message or its reader has been said yet.
        ( >= 500, _) when step is SmtpStep.Greeting or SmtpStep.Hello or SmtpStep.StartTls or SmtpStep.Authentication => SendStatus.Misconfigured,
        ( >= 500, "5.1.7" or "5.1.8") => SendStatus.Misconfigured,
        (550 or 554, "5.7.26" or "5.7.515") => SendStatus.Misconfigured,
        (550 or 554, "5.7.1") when Has(reply, "relay") => SendStatus.Misconfigured,
        // Of the sender these speak of the sender; of the whole mail, of the mail.
        (550 or 551 or 553, null) when step is SmtpStep.RcptTo && Has(reply, "user", "mailbox", "recipient") && !Has(reply, "sender") => SendStatus.AddressDead,
        (550, "5.1.1" or "5.1.2" or "5.1.6" or "5.1.10" or "5.2.1" or "5.4.1") when step is not SmtpStep.MailFrom => SendStatus.AddressDead,
        (501 or 551 or 553 or 554 or 556, "5.1.1" or "5.1.2" or "5.1.3" or "5.1.6" or "5.1.10") when step is not SmtpStep.MailFrom => SendStatus.AddressDead,
        ( >= 500 and < 600, _) => SendStatus.Permanent,
        _ => SendStatus.Unknown,
    };

    private static bool Has(SmtpReply reply, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (reply.Text.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static string Name(SmtpStep step) => step switch
    {
        SmtpStep.Greeting => "the connection",
        SmtpStep.Hello => "our greeting",
        SmtpStep.StartTls => "TLS",
        SmtpStep.Authentication => "our credentials",
        SmtpStep.MailFrom => "the sender",
        SmtpStep.RcptTo => "the recipient",
        SmtpStep.Data => "to take the message",
        SmtpStep.Message => "the message",
    };
}
