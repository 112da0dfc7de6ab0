using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Smtp;

/// A mail server on two ports: TLS from the first byte, and STARTTLS.
internal sealed class SmtpServer : IAsyncDisposable
{
    public const string Name = "smtp";

    /// A whole message and its envelope.
    internal sealed record Letter(string Sender, string Recipient, bool International, byte[] Mail);

    private readonly List<TcpListener> listeners = [];
    private readonly X509Certificate2 certificate;
    private readonly LedgerFile ledger;
    private readonly SimulatorOptions options;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, Socket> sessions = new();
    private readonly List<Task> accepting = [];

    public SmtpServer(SimulatorOptions options, SimulatorCredentials credentials, X509Certificate2 certificate, FaultBoard faults, LedgerFile ledger) =>
        (this.options, this.certificate, this.ledger, Credentials, Faults) = (options, certificate, ledger, credentials, faults);

    public void Start(int implicitPort, int startTlsPort)
    {
        Listen(implicitPort, tlsAtOnce: true);
        Listen(startTlsPort, tlsAtOnce: false);
    }

    /// Where mail to envelope senders goes at the moment; null: nowhere.
    public Func<string?> Mailbox { get; init; } = () => null;
    public SimulatorCredentials Credentials { get; }
    public FaultBoard Faults { get; }
    public VendorFigures Figures { get; } = new();
    public string Domain => Credentials.SmtpFrom[(Credentials.SmtpFrom.LastIndexOf('@') + 1)..];
    public Uri Implicit => new($"smtps://{options.Host ?? "127.0.0.1"}:{Port(0)}/");
    public Uri StartTls => new($"smtp://{options.Host ?? "127.0.0.1"}:{Port(1)}/");

    /// Judges, records what is accepted, does what the fault says, answers. False: the line is cut.
    public async Task<bool> TakeAsync(SmtpSession session, Letter letter, FaultBoard.Struck? struck, CancellationToken ct)
    {
        if (MailRules.Violation(letter.Mail, letter.International, out var headers) is { } wrong)
        {
            await AnswerAsync(session, wrong, ct);
            return true;
        }
        var id = RandomNumberGenerator.GetHexString(10);
        if (struck?.Fault.Accepts != false)
        {
            await ledger.AppendAsync([Entry(id, letter, headers)]);
            Figures.Accept(1);
            if (Mailbox() is { } directory && MailsBack.Of(letter, id, options.Clock.GetUtcNow()) is { } back) await MailsBack.DropAsync(directory, id, back, ct);
        }
        // From here on the ledger holds the message, whether or not the sender will ever hear of it.
        if (options.Latency > TimeSpan.Zero) await Task.Delay(options.Latency, ct);
        var taken = $"250 2.0.0 Ok: queued as {id}";
        if (struck is not { } fault)
        {
            await AnswerAsync(session, taken, ct);
            return true;
        }
        return await MisbehaveAsync(session, fault, taken, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        foreach (var listener in listeners) listener.Dispose();
        await Task.WhenAll(accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var socket in sessions.Values) socket.Dispose();
        await Task.WhenAll(sessions.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task<bool> MisbehaveAsync(SmtpSession session, FaultBoard.Struck struck, string taken, CancellationToken ct)
    {
        var fault = struck.Fault;
        if (fault.Hang) await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        if (fault.Hold) await struck.Cleared.WaitAsync(ct);
        if (fault.Delay > TimeSpan.Zero) await Task.Delay(fault.Delay, ct);
        if (fault.Reset != ResetKind.None)
        {
            Figures.LeftUnanswered();
            session.Cut();
            return false;
        }
        if (fault.Truncate)
        {
            Figures.LeftUnanswered();
            await session.SayHalfAsync(ct);
            return false;
        }
        await AnswerAsync(session, fault.Garbage ? "<<<\0 not an answer" : fault.Status is >= 300 ? SmtpAnswers.Of(fault) : taken, ct);
        return true;
    }

    private Task AnswerAsync(SmtpSession session, string line, CancellationToken ct)
    {
        if (int.TryParse(line.AsSpan(0, 3), out var code)) Figures.Answered(code);
        return session.SayAsync(line, ct);
    }

    private LedgerEntry Entry(string id, Letter letter, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var messageId = headers.First(header => header.Key.Equals("Message-ID", StringComparison.OrdinalIgnoreCase)).Value; // checked by the rules
        return new LedgerEntry
        {
            At = options.Clock.GetUtcNow(), Provider = Name, Id = id, MessageKey = messageId.Trim('<', '>').Split('@')[0], To = letter.Recipient, ChannelHint = "email",
        }.Written((letter, headers), static (json, what) =>
        {
            json.WriteStartObject("body");
            json.WriteString("sender", what.letter.Sender);
            json.WriteStartObject("headers");
            foreach (var header in what.headers) json.WriteString(header.Key, header.Value);
            json.WriteEndObject();
            json.WriteString("data", Encoding.UTF8.GetString(what.letter.Mail));
            json.WriteEndObject();
        });
    }

    private void Listen(int port, bool tlsAtOnce)
    {
        var listener = new TcpListener(options.Host is null ? IPAddress.Loopback : IPAddress.Any, port);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            // In the words of the web server, which the program knows how to tell.
            listener.Dispose();
            throw new IOException($"Failed to bind to port {port}: {e.Message}", e);
        }
        listeners.Add(listener);
        accepting.Add(AcceptAsync(listener, tlsAtOnce));
    }

    private async Task AcceptAsync(TcpListener listener, bool tlsAtOnce)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                socket.NoDelay = true;
                Figures.Connected();
                var session = ServeAsync(socket, tlsAtOnce);
                sessions[session] = socket;
                _ = session.ContinueWith(ended => sessions.TryRemove(ended, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The simulator stops.
        }
    }

    private async Task ServeAsync(Socket socket, bool tlsAtOnce)
    {
        var session = new SmtpSession(socket, this, certificate);
        try
        {
            await session.RunAsync(tlsAtOnce, stopping.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or AuthenticationException or SocketException)
        {
            // The client has gone, or never spoke TLS.
        }
        finally
        {
            session.Close();
        }
    }

    private int Port(int index) => ((IPEndPoint)listeners[index].LocalEndpoint).Port;
}
