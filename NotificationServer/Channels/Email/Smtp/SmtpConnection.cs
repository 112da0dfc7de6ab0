using NotificationServer.Platform;

namespace NotificationServer.Channels.Email.Smtp;

/// One connection that carries one message after another. Until the final dot is written the server has nothing; after it,
/// only its answer tells.
internal sealed class SmtpConnection(SmtpWire wire, SmtpCapabilities capabilities, TimeProvider clock)
{
    private const int LongestAnswer = 200;

    private bool needsReset;
    private bool broken;

    public int Messages { get; private set; }
    /// Whether the server has said anything about the latest message but that it is leaving.
    public bool Answered { get; private set; }
    public bool Usable => !broken;
    public DateTimeOffset IdleSince { get; private set; } = clock.GetUtcNow();

    public async Task<SendOutcome> SendAsync(MailPath sender, MailPath recipient, ReadOnlyMemory<byte> mail, CancellationToken ct)
    {
        (Answered, Messages) = (false, Messages + 1);
        var international = sender.IsInternational || recipient.IsInternational;
        if (capabilities.Size > 0 && mail.Length > capabilities.Size) return SendOutcome.Permanent("too_big", $"the mail server takes {capabilities.Size} bytes, the mail has {mail.Length}");
        if (international && !(capabilities.Utf8 && capabilities.EightBit)) return SendOutcome.Permanent("no_smtputf8", "the mail server takes no international addresses");

        var dotted = false;
        try
        {
            if (await EnvelopeAsync(Sender(sender, mail.Length, international), $"RCPT TO:<{recipient}>", ct) is { } refusal) return refusal;
            await wire.CommandAsync(ct, "DATA");
            if (await ReadAsync(ct) is { Code: not 354 } no) return Refused(no, SmtpStep.Data);
            await wire.WriteAsync(DotStuffing.Of(mail.Span), ct);
            dotted = true;
            await wire.WriteAsync(DotStuffing.End, ct);
            return Final(await ReadAsync(ct));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            broken = true;
            var code = e is OperationCanceledException ? "timeout" : "connection_lost";
            return dotted
                ? SendOutcome.Unknown(code, "the mail server had the whole message and did not answer")
                : SendOutcome.NotSent(code, "the connection ended before the mail server had the whole message");
        }
        finally
        {
            IdleSince = clock.GetUtcNow();
        }
    }

    /// Whether the server is still there after a while of silence.
    public async Task<bool> IsAliveAsync(CancellationToken ct)
    {
        try
        {
            await wire.CommandAsync(ct, "NOOP");
            return (await wire.ReplyAsync(ct)).Is(2);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            broken = true;
            return false;
        }
    }

    public void Close() => wire.Close(politely: !broken);

    /// Sender and recipient in one go where the server allows it: a turn less for every message.
    private async Task<SendOutcome?> EnvelopeAsync(string sender, string recipient, CancellationToken ct)
    {
        if (needsReset)
        {
            await wire.CommandAsync(ct, "RSET");
            if (await ReadAsync(ct) is { Code: not 250 } no) return Refused(no, SmtpStep.MailFrom);
            needsReset = false;
        }
        if (capabilities.Pipelining) await wire.CommandAsync(ct, sender, recipient);
        else await wire.CommandAsync(ct, sender);
        var first = await ReadAsync(ct);
        if (!first.Is(2))
        {
            // The answer to the recipient comes all the same, and would be taken for the next message's.
            if (capabilities.Pipelining && first.Code != 421) await wire.ReplyAsync(ct);
            return Refused(first, SmtpStep.MailFrom);
        }
        if (!capabilities.Pipelining) await wire.CommandAsync(ct, recipient);
        var second = await ReadAsync(ct);
        return second.Is(2) ? null : Refused(second, SmtpStep.RcptTo);
    }

    private string Sender(MailPath sender, int size, bool international) =>
        $"MAIL FROM:<{sender}>{(capabilities.Size > 0 ? $" SIZE={size}" : "")}{(international ? " BODY=8BITMIME SMTPUTF8" : "")}";

    private async ValueTask<SmtpReply> ReadAsync(CancellationToken ct)
    {
        var reply = await wire.ReplyAsync(ct);
        if (reply.Code == 421) broken = true;
        else Answered = true;
        return reply;
    }

    private SendOutcome Refused(SmtpReply reply, SmtpStep step)
    {
        needsReset = true;
        if (reply.Code >= 400) return SmtpErrors.Outcome(reply, step);
        broken = true;
        return SendOutcome.NotSent("not_smtp", $"the mail server answered {reply.Code} where that means nothing");
    }

    private SendOutcome Final(SmtpReply reply)
    {
        // There is no id of a message in SMTP; most servers tell their queue's in these words.
        if (reply.Is(2)) return SendOutcome.Accepted(reply.Text.Storable(LongestAnswer));
        needsReset = true;
        if (reply.Code < 400) broken = true;
        return SmtpErrors.Outcome(reply, SmtpStep.Message);
    }
}
