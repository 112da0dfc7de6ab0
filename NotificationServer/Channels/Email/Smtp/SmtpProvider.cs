using NotificationServer.Channels.Wire;

namespace NotificationServer.Channels.Email.Smtp;

/// Any mail server, in the protocol that all of them speak. (RFC 5321 would wait ten minutes for the last answer; here the
/// deadline of the call decides, and what is not answered by then is "unknown".)
internal sealed class SmtpProvider(WireClients wires, SmtpOptions settings, TimeProvider clock) : IQueueingProvider<EmailMessage>, ICredentialCheck, IDisposable
{
    private readonly SmtpPool pool = new(settings, new SmtpDialer(settings, wires.Trust, clock), clock);
    private readonly DkimSigner? signer = settings.Signs ? new DkimSigner(settings.DkimDomain!, settings.DkimSelector!, settings.Key()) : null; // checked at start

    public string Name => "smtp";

    public bool Carries(Channel channel, string? pushProvider) => channel is Channel.Email;

    public Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct) => DeliverAsync(message, null, ct);

    public Task<SendOutcome> SendAsync(EmailMessage message, CallStart start, CancellationToken ct) => DeliverAsync(message, start, ct);

    private Task<SendOutcome> DeliverAsync(EmailMessage message, CallStart? start, CancellationToken ct)
    {
        if (MailPath.Of(message.To) is not { } to) return Task.FromResult(SendOutcome.AddressDead("bad_address", "not an address that a mail can be sent to"));
        if (MailPath.Of(message.From ?? settings.From!) is not { } from) // checked at start
            return Task.FromResult(SendOutcome.Permanent("bad_sender", "the sender is not a mail address"));

        var (mail, wrong) = MimeMessage.Of(message, from, message.From is null ? message.FromName ?? settings.FromName : message.FromName, to, clock.GetUtcNow());
        if (mail is null) return Task.FromResult(SendOutcome.Permanent("bad_header", $"{wrong} cannot be written into a mail"));
        if (signer is not null) mail = mail with { Fields = [signer.Sign(mail), .. mail.Fields] };
        return pool.SendAsync(Envelope(from, message.Id), to, mail.Bytes, start, ct);
    }

    /// A connection of its own, as far as the login.
    public async Task<SendOutcome> CheckAsync(CancellationToken ct)
    {
        var (connection, fault) = await new SmtpDialer(settings, wires.Trust, clock).OpenAsync(ct);
        connection?.Close();
        return connection is null ? fault : SendOutcome.Accepted(null);
    }

    public void Dispose()
    {
        pool.Dispose();
        signer?.Dispose();
    }

    /// A bounce is sent to this address, so it says which message it is about (VERP).
    private MailPath Envelope(MailPath sender, Guid id) =>
        (settings.BounceAddress is { Length: > 0 } address ? MailPath.Of(address)!.Value : sender with { Local = "bounce" }).Tagged(id.ToString("D")); // checked at start
}
