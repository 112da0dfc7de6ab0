using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.SendGrid;

namespace NotificationServer.Simulator.Smtp;

/// One client's dialogue, held to the letter: TLS before a password, a password before mail, each command in its turn.
internal sealed partial class SmtpSession(Socket socket, SmtpServer server, X509Certificate2 certificate)
{
    private const int MostBytes = 10 * 1024 * 1024;
    private static readonly string[] Parameters = ["SIZE", "BODY", "SMTPUTF8", "RET", "ENVID"];

    private SmtpLines lines = new(new NetworkStream(socket, ownsSocket: true));
    private bool secure;
    private bool greeted;
    private bool known;
    private string? sender;
    private string? recipient;
    private bool international;
    private FaultBoard.Struck? struck;

    public async Task RunAsync(bool tlsAtOnce, CancellationToken ct)
    {
        if (tlsAtOnce) await SecureAsync(ct);
        await lines.WriteAsync("220 localhost ESMTP simulator", ct);
        while (await lines.ReadAsync(ct) is { } line)
        {
            if (line.Length > 12_288 || !line.AsSpan().EndsWith("\r\n"u8)) await lines.WriteAsync("500 5.5.2 Lines end in CR LF", ct);
            else if (!await TurnAsync(Encoding.UTF8.GetString(line)[..^2], ct)) return;
        }
    }

    public void Close() => lines.Stream.Dispose();

    /// False: the dialogue is over.
    private async Task<bool> TurnAsync(string line, CancellationToken ct)
    {
        var words = line.Split(' ');
        switch (words[0].ToUpperInvariant())
        {
            case "QUIT":
                await lines.WriteAsync("221 2.0.0 Bye", ct);
                return false;
            case "STARTTLS" when !secure && greeted:
                if (lines.HasMore) return false; // said ahead of the handshake
                await lines.WriteAsync("220 2.0.0 Ready", ct);
                await SecureAsync(ct);
                greeted = false;
                return true;
            case "AUTH" when greeted:
                var answer = !secure ? "538 5.7.11 Encryption needed" : known ? "503 5.5.1 Once is enough" : await SmtpLogins.JudgeAsync(lines, words, server.Credentials, ct);
                known |= answer.StartsWith("235", StringComparison.Ordinal);
                await lines.WriteAsync(answer, ct);
                return true;
            case "DATA" when recipient is not null:
                return await TakeAsync(ct);
            default:
                await lines.WriteAsync(Answer(line, words), ct);
                return true;
        }
    }

    private string Answer(string line, string[] words) => words[0].ToUpperInvariant() switch
    {
        "EHLO" when words.Length == 2 => Hello(),
        "MAIL" => Sender(line),
        "RCPT" => Recipient(line),
        "RSET" => Reset(),
        "NOOP" => "250 2.0.0 Ok",
        "DATA" or "AUTH" or "STARTTLS" => "503 5.5.1 Not now",
        _ => "502 5.5.1 Unknown command",
    };

    private string Hello()
    {
        Reset();
        greeted = true;
        return $"250-localhost\r\n250-SIZE {MostBytes}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n"
            + (secure ? "250 AUTH PLAIN LOGIN XOAUTH2" : "250 STARTTLS");
    }

    private string Reset()
    {
        (sender, recipient, international, struck) = (null, null, false, null);
        return "250 2.0.0 Ok";
    }

    private string Sender(string line)
    {
        if (!secure || !known) return "530 5.7.0 Authentication needed";
        if (sender is not null) return "503 5.5.1 Nested MAIL";
        if (From().Match(line) is not { Success: true } match) return "501 5.5.4 Syntax: MAIL FROM:<address>";
        foreach (Match parameter in Parameter().Matches(match.Groups[2].Value))
        {
            if (!Parameters.Contains(parameter.Groups[1].Value.ToUpperInvariant())) return "555 5.5.4 Unknown parameter";
            international |= parameter.Groups[1].Value.Equals("SMTPUTF8", StringComparison.OrdinalIgnoreCase);
            if (parameter.Groups[1].Value.Equals("SIZE", StringComparison.OrdinalIgnoreCase) && (!long.TryParse(parameter.Groups[2].Value, out var size) || size > MostBytes))
                return "552 5.3.4 Message too big";
        }
        var address = match.Groups[1].Value;
        if (address.Length > 0 && !address.EndsWith("@" + server.Domain, StringComparison.OrdinalIgnoreCase)) return "550 5.7.1 Not a sender of this account";
        sender = address;
        return "250 2.1.0 Ok";
    }

    private string Recipient(string line)
    {
        if (sender is null) return "503 5.5.1 MAIL first";
        if (recipient is not null) return "452 4.5.3 One recipient a message";
        if (To().Match(line) is not { Success: true } match || !IsAddress(match.Groups[1].Value)) return "501 5.1.3 Bad recipient address syntax";
        server.Figures.Called();
        var address = match.Groups[1].Value;
        struck = server.Faults.Take(SmtpServer.Name, MagicRecipient.InMail(address), address);
        if (struck?.Fault.DeadToken == true) return SmtpAnswers.DeadRecipient;
        recipient = address;
        return "250 2.1.5 Ok";
    }

    private bool IsAddress(string address) => MailAddress.Valid(address) || (international && address.Any(letter => letter > 127) && !address.Any(char.IsControl));

    private async Task<bool> TakeAsync(CancellationToken ct)
    {
        await lines.WriteAsync("354 End data with <CR><LF>.<CR><LF>", ct);
        using var mail = new MemoryStream();
        while (true)
        {
            if (await lines.ReadAsync(ct) is not { } line) return false;
            if (line.AsSpan().SequenceEqual(".\r\n"u8)) break;
            if (mail.Length <= MostBytes) mail.Write(line.AsSpan(line[0] == '.' ? 1 : 0));
        }
        var letter = new SmtpServer.Letter(sender!, recipient!, international, mail.ToArray()); // both were accepted before
        var strikes = struck;
        Reset();
        return await server.TakeAsync(this, letter, strikes, ct);
    }

    public Task SayAsync(string line, CancellationToken ct) => lines.WriteAsync(line, ct);

    public async Task SayHalfAsync(CancellationToken ct) => await lines.Stream.WriteAsync("25"u8.ToArray(), ct);

    /// Closing with no time to linger is what makes the kernel send RST.
    public void Cut() => socket.Close(timeout: 0);

    private async Task SecureAsync(CancellationToken ct)
    {
        var tls = new SslStream(lines.Stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ct);
        lines = new SmtpLines(tls);
        secure = true;
    }

    [GeneratedRegex("^MAIL FROM:<([^<> ]*)>(( [!-~]+)*)$", RegexOptions.IgnoreCase)]
    private static partial Regex From();

    [GeneratedRegex("^RCPT TO:<([^<> ]+)>$", RegexOptions.IgnoreCase)]
    private static partial Regex To();

    [GeneratedRegex(" ([A-Za-z0-9-]+)(?:=([!-~]+))?")]
    private static partial Regex Parameter();
}
