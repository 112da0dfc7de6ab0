using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using NotificationServer.Platform;

namespace NotificationServer.Channels.Email.Smtp;

/// Opens connections that are ready for mail: under TLS, greeted, let in. Whatever fails here, no message has left.
internal sealed class SmtpDialer(SmtpOptions settings, X509ChainPolicy? trust, TimeProvider clock)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly string helloName = settings.HelloName is { Length: > 0 } name ? name : MailPath.Of(settings.From!)!.Value.Domain; // checked at start

    public async Task<(SmtpConnection? Connection, SendOutcome Fault)> OpenAsync(CancellationToken ct)
    {
        SmtpWire? wire = null;
        try
        {
            wire = new SmtpWire(await ConnectAsync(ct));
            var (capabilities, fault) = await GreetAsync(wire, ct);
            if (fault is null && settings.User is { Length: > 0 }) fault = await SmtpLogin.RunAsync(wire, settings, capabilities!, ct); // there without a fault
            if (fault is { } refusal)
            {
                wire.Close(politely: true);
                return (null, refusal);
            }
            return (new SmtpConnection(wire, capabilities!, clock), default); // likewise
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or UnauthorizedAccessException)
        {
            wire?.Dispose();
            return (null, Fault(e, ct));
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(ConnectTimeout);
        var addresses = await Dialing.FindAsync(settings.Host!, limit.Token); // present: checked at start
        return await Dialing.OpenAsync(addresses, settings.Port, limit.Token);
    }

    private async Task<(SmtpCapabilities? Capabilities, SendOutcome? Fault)> GreetAsync(SmtpWire wire, CancellationToken ct)
    {
        if (settings.Security == SmtpSecurity.Implicit) await wire.SecureAsync(Tls, ct);
        var greeting = await wire.ReplyAsync(ct);
        if (!greeting.Is(2)) return (null, SmtpErrors.Outcome(greeting, SmtpStep.Greeting));
        var (capabilities, fault) = await HelloAsync(wire, ct);
        if (fault is not null || settings.Security == SmtpSecurity.Implicit) return (capabilities, fault);

        // Somebody in between may have taken the offer away; then there is no mail rather than a readable password.
        if (!capabilities!.StartTls) return (null, SendOutcome.Misconfigured("no_starttls", "the mail server offers no STARTTLS")); // there without a fault
        await wire.CommandAsync(ct, "STARTTLS");
        var ready = await wire.ReplyAsync(ct);
        if (ready.Code != 220) return (null, SmtpErrors.Outcome(ready, SmtpStep.StartTls));
        await wire.SecureAsync(Tls, ct);
        // What was said in clear is forgotten: anybody could have said it.
        return await HelloAsync(wire, ct);
    }

    private async Task<(SmtpCapabilities? Capabilities, SendOutcome? Fault)> HelloAsync(SmtpWire wire, CancellationToken ct)
    {
        await wire.CommandAsync(ct, $"EHLO {helloName}");
        var reply = await wire.ReplyAsync(ct);
        return reply.Is(2) ? (SmtpCapabilities.Of(reply), null) : (null, SmtpErrors.Outcome(reply, SmtpStep.Hello));
    }

    private SslClientAuthenticationOptions Tls => new() { TargetHost = settings.Host, CertificateChainPolicy = trust };

    private static SendOutcome Fault(Exception e, CancellationToken ct) => e switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            SendOutcome.NotSent("name_resolution", "the mail server's host name was not found"),
        SocketException => SendOutcome.NotSent("connection", "no connection to the mail server"),
        AuthenticationException => SendOutcome.NotSent("tls", "the mail server's TLS certificate or handshake was refused"),
        OperationCanceledException when !ct.IsCancellationRequested => SendOutcome.NotSent("connect_timeout", "no connection to the mail server within the time limit"),
        OperationCanceledException => SendOutcome.NotSent("timeout_before_sending", "the deadline passed before the mail server was ready"),
        UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException => SendOutcome.Misconfigured("no_token", "the file of the access token cannot be read"),
        _ => SendOutcome.NotSent("connection", "the mail server closed the connection, or does not speak SMTP"),
    };
}
