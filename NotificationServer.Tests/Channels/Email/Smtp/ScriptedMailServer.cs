using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace NotificationServer.Tests.Channels.Email.Smtp;

/// A mail server that answers as a test says. An answer is lines (`\n` between them), "close" or "reset".
internal sealed class ScriptedMailServer : IAsyncDisposable
{
    public const string Close = "close";
    public const string Reset = "reset";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, TcpClient> sessions = new();
    private readonly ConcurrentQueue<string> commands = new();
    private readonly ConcurrentQueue<byte[]> mails = new();
    private readonly bool tlsAtOnce;
    private readonly Task accepting;
    private int connections;

    public ScriptedMailServer(bool tlsAtOnce = true)
    {
        this.tlsAtOnce = tlsAtOnce;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;
    public int Connections => Volatile.Read(ref connections);
    public IReadOnlyList<string> Commands => [.. commands];
    /// As they were on the wire, without the lone dot.
    public IReadOnlyList<byte[]> Mails => [.. mails];

    public string Greeting { get; set; } = "220 mx.example.net ESMTP ready";
    public string Hello { get; set; } = "250-mx.example.net\n250-SIZE 26214400\n250-8BITMIME\n250-SMTPUTF8\n250-ENHANCEDSTATUSCODES\n250-PIPELINING\n250-DSN\n250 AUTH PLAIN LOGIN";
    /// What EHLO is answered before TLS.
    public string PlainHello { get; set; } = "250-mx.example.net\n250-STARTTLS\n250 AUTH PLAIN LOGIN";
    /// Sent together with the answer to STARTTLS.
    public string Pipelined { get; set; } = "";
    /// By the first word of the command; "." is the end of a message.
    public Dictionary<string, Queue<string>> Once { get; } = [];
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// For the next command of this kind only.
    public ScriptedMailServer Next(string command, params string[] answers)
    {
        if (!Once.TryGetValue(command, out var queue)) Once[command] = queue = new();
        foreach (var answer in answers) queue.Enqueue(answer);
        return this;
    }

    public Dictionary<string, string?> Settings(params (string Name, string? Value)[] more)
    {
        var all = new Dictionary<string, string?>
        {
            ["Channels:Smtp:Host"] = "127.0.0.1", ["Channels:Smtp:Port"] = $"{Port}", ["Channels:Smtp:Security"] = tlsAtOnce ? "Implicit" : "StartTls",
            ["Channels:Smtp:User"] = "mailer", ["Channels:Smtp:Password"] = "s3crét", ["Channels:Smtp:From"] = "news@mail.example.org",
            ["Channels:Smtp:HelloName"] = "app.example.org",
        };
        foreach (var (name, value) in more) all["Channels:Smtp:" + name] = value;
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        foreach (var client in sessions.Values) client.Dispose();
        await Task.WhenAll(sessions.Keys);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                Interlocked.Increment(ref connections);
                sessions[ServeAsync(client)] = client;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            await TalkAsync(client);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The other side has gone, which is what some tests are about.
        }
        client.Dispose();
    }

    private async Task TalkAsync(TcpClient client)
    {
        Stream stream = client.GetStream();
        if (tlsAtOnce) stream = await SecureAsync(stream);
        await SayAsync(stream, Greeting);
        while (await LineAsync(stream) is { } line)
        {
            var command = Encoding.UTF8.GetString(line).TrimEnd('\r', '\n');
            commands.Enqueue(command);
            var answer = AnswerTo(command, stream is SslStream);
            if (answer is Close) return;
            if (answer is Reset)
            {
                client.LingerState = new LingerOption(true, 0);
                client.Client.Close();
                return;
            }
            await SayAsync(stream, command == "STARTTLS" && Pipelined.Length > 0 ? $"{answer}\n{Pipelined}" : answer);
            if (command == "STARTTLS" && answer.StartsWith("220", StringComparison.Ordinal)) stream = await SecureAsync(stream);
            if (command != "DATA" || !answer.StartsWith("354", StringComparison.Ordinal)) continue;
            if (!await TakeMailAsync(client, stream)) return;
        }
    }

    private async Task<bool> TakeMailAsync(TcpClient client, Stream stream)
    {
        using var mail = new MemoryStream();
        while (await LineAsync(stream) is { } line)
        {
            if (!line.AsSpan().SequenceEqual(".\r\n"u8))
            {
                mail.Write(line);
                continue;
            }
            mails.Enqueue(mail.ToArray());
            var answer = AnswerTo(".", secure: true);
            if (answer is Close) return false;
            if (answer is Reset)
            {
                client.LingerState = new LingerOption(true, 0);
                client.Client.Close();
                return false;
            }
            await SayAsync(stream, answer);
            return true;
        }
        return false;
    }

    private string AnswerTo(string command, bool secure)
    {
        var verb = command.Split(' ')[0];
        if (Answer(command) is { } own) return own;
        if (Once.TryGetValue(verb, out var queue) && queue.TryDequeue(out var next)) return next;
        return verb switch
        {
            "EHLO" => secure ? Hello : PlainHello,
            "STARTTLS" => "220 2.0.0 Ready",
            "AUTH" => "235 2.7.0 Authentication successful",
            "DATA" => "354 End data with <CR><LF>.<CR><LF>",
            "QUIT" => "221 2.0.0 Bye",
            "." => "250 2.0.0 Ok: queued as 4F3C21A0B",
            _ => "250 2.0.0 Ok",
        };
    }

    private static async Task<Stream> SecureAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(TestRoot.ServerCertificate);
        return tls;
    }

    private Task SayAsync(Stream stream, string lines) =>
        lines is Close ? throw new IOException("closed") : stream.WriteAsync(Encoding.UTF8.GetBytes(lines.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n"), stopping.Token).AsTask();

    /// Byte by byte: what follows a STARTTLS must stay unread.
    private async Task<byte[]?> LineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stopping.Token) == 1)
        {
            line.Add(one[0]);
            if (one[0] == '\n') return [.. line];
        }
        return null;
    }
}
